import { describe, expect, test } from '@jest/globals';
import { apiKind, knownKind } from '#src/model/kinds.ts';

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
    ['v1', 'constructor', undefined],
  ])('%s %s is known as %s', (apiVersion, kind, known) => {
    expect(knownKind(apiVersion, kind)).toBe(known);
  });

  test('knows what the API calls kinds of one name', () => {
    expect(apiKind('IstioGateway')).toBe('Gateway');
    expect(apiKind('Pod')).toBe('Pod');
  });
});
