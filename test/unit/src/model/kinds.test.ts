import { describe, expect, test } from '@jest/globals';
import { apiKind, kindInfo, KINDS, knownKind, type Kind } from '#src/model/kinds.ts';

describe('src/model/kinds.ts', () => {
  test.each<[string, string, string | undefined]>([
    ['v1', 'Service', 'Service'],
    ['serving.knative.dev/v1', 'Service', undefined],
    ['extensions/v1beta1', 'Ingress', 'Ingress'],
    ['gateway.networking.k8s.io/v1', 'Gateway', 'Gateway'],
    ['networking.istio.io/v1', 'Gateway', 'IstioGateway'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'NetworkPolicy'],
    ['projectcalico.org/v3', 'NetworkPolicy', 'CalicoNetworkPolicy'],
    ['networking.istio.io/v1', 'IstioGateway', undefined],
    ['kyverno.io/v1', 'Policy', 'Policy'],
    ['audit.k8s.io/v1', 'Policy', 'AuditPolicy'],
    ['v1', 'constructor', undefined],
  ])('%s %s is known as %s', (apiVersion, kind, known) => {
    expect(knownKind(apiVersion, kind)).toBe(known);
  });

  test('knows what the API calls kinds of one name', () => {
    expect(apiKind('IstioGateway')).toBe('Gateway');
    expect(apiKind('Pod')).toBe('Pod');
  });

  test.each((Object.keys(KINDS) as Kind[]).filter((kind) => kindInfo(kind).fileOnly))('%s, which is only in files, is an add-on, so that no cluster is wanting for it', (kind) => {
    expect(kindInfo(kind)).toMatchObject({ addOn: true, resource: '' });
  });
});
