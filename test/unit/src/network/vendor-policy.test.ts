import { describe, expect, test } from '@jest/globals';
import { namespaceLabels, type Direction } from '#src/network/rules.ts';
import { parseCalicoPolicy, parseCiliumPolicy } from '#src/network/vendor-policy.ts';

const labelsOf = namespaceLabels(new Map([['shop', new Map([['zone', 'front']])]]));
const POD = { namespace: 'shop', labels: new Map([['app', 'web']]), hostNetwork: false };

/** The directions that a policy closes for the pod. */
type Case = readonly [name: string, spec: object, home: string | undefined, closes: readonly Direction[]];

describe('src/network/vendor-policy.ts', () => {
  test.each<Case>([
    ['all pods of its namespace', { endpointSelector: {}, ingress: [{}] }, 'shop', ['ingress']],
    ['pods of another namespace', { endpointSelector: {}, ingress: [{}] }, 'pay', []],
    ['a label with the source it comes from', { endpointSelector: { matchLabels: { 'k8s:app': 'web' } }, egress: [{}] }, 'shop', ['egress']],
    ['a label of any source', { endpointSelector: { matchExpressions: [{ key: 'any:app', operator: 'In', values: ['web'] }] }, ingress: [{}] }, 'shop', ['ingress']],
    ['what it denies', { endpointSelector: {}, ingressDeny: [{}] }, 'shop', ['ingress']],
    ['no default deny', { endpointSelector: {}, ingress: [{}], egress: [{}], enableDefaultDeny: { ingress: false } }, 'shop', ['egress']],
    ['no rules', { endpointSelector: {}, ingress: [] }, 'shop', []],
    ['nodes', { nodeSelector: {}, ingress: [{}] }, undefined, []],
    ['a namespace by name', { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } }, ingress: [{}] }, undefined, ['ingress']],
    ['a namespace by label', { endpointSelector: { matchLabels: { 'io.cilium.k8s.namespace.labels.zone': 'front' } }, ingress: [{}] }, undefined, ['ingress']],
    ['names alone', { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: 'api.stripe.com' }] }] }, 'shop', ['egress']],
  ])('knows what a policy of Cilium closes with %s', (_, spec, home, closes) => {
    expect(parseCiliumPolicy({ spec }, home).flatMap(({ selects, directions }) => (selects(POD, labelsOf) ? directions : []))).toEqual(closes);
  });

  test('reads every rule of a policy of Cilium that has several', () => {
    expect(parseCiliumPolicy({ specs: [{ endpointSelector: {}, ingress: [{}] }, { endpointSelector: {}, egress: [{}] }] }, 'shop').map(({ directions }) => directions)).toEqual([['ingress'], ['egress']]);
  });

  test.each<Case>([
    ['no selector and no types', {}, 'shop', ['ingress']],
    ['egress rules alone', { egress: [{ action: 'Allow' }] }, 'shop', ['egress']],
    ['types', { selector: "app == 'web'", types: ['Ingress', 'Egress'] }, 'shop', ['ingress', 'egress']],
    ['another selector', { selector: "app == 'api'" }, 'shop', []],
    ['another namespace', {}, 'pay', []],
    ['a namespaceSelector', { namespaceSelector: "zone == 'front'" }, undefined, ['ingress']],
    ['the namespace as a label', { selector: "projectcalico.org/namespace == 'pay'" }, undefined, []],
    ['ServiceAccounts, of which nothing is known', { serviceAccountSelector: "role == 'x'" }, 'shop', []],
    ['a selector that is none', { selector: 'app =' }, 'shop', []],
  ])('knows what a policy of Calico closes with %s', (_, spec, home, closes) => {
    expect(parseCalicoPolicy({ spec }, home).flatMap(({ selects, directions }) => (selects(POD, labelsOf) ? directions : []))).toEqual(closes);
  });

  test('closes nothing for a pod in the network of its node', () => {
    const host = { ...POD, hostNetwork: true };

    expect([...parseCiliumPolicy({ spec: { endpointSelector: {}, ingress: [{}] } }, 'shop'), ...parseCalicoPolicy({ spec: {} }, 'shop')].filter(({ selects }) => selects(host, labelsOf))).toEqual([]);
  });
});
