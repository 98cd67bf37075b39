import { describe, expect, test } from '@jest/globals';
import { isBySystem, isPerson, isProviderUser, isSystemNamespace, isSystemUser } from '#src/model/principal.ts';

const user = (name: string, groups: readonly string[] = []) => ({ name, groups });

describe('src/model/principal.ts', () => {
  test.each([
    'system:kube-controller-manager',
    'system:apiserver',
    'system:node:worker-1',
    'system:serviceaccount:kube-system:replicaset-controller',
    'system:serviceaccount:gke-managed-system:agent',
    'eks:node-manager',
    'aksService',
    'service-12@container-engine-robot.iam.gserviceaccount.com',
  ])('%s is of the system', (name) => {
    expect(isSystemUser(user(name))).toBe(true);
    expect(isPerson(user(name))).toBe(false);
  });

  test.each(['jo@corp.example', 'kubernetes-admin', 'masterclient', 'system.admin', 'arn:aws:iam::1234:user/jo'])('%s is a person', (name) => {
    expect(isSystemUser(user(name))).toBe(false);
    expect(isPerson(user(name))).toBe(true);
  });

  test.each(['system:serviceaccount:shop:api', 'system:serviceaccount:kube-system-x:api', 'system:anonymous', 'system:admin', ''])('%j is neither', (name) => {
    expect(isSystemUser(user(name))).toBe(false);
    expect(isPerson(user(name))).toBe(false);
  });

  test('somebody who only acted as a component is none', () => {
    const component = user('system:serviceaccount:kube-system:x');

    expect(isBySystem({ user: component, impersonator: undefined })).toBe(true);
    expect(isBySystem({ user: component, impersonator: user('jo@corp.example') })).toBe(false);
  });

  test.each([['kube-system', true], ['kube-public', true], ['gke-managed-cim', true], ['aks-istio-system', true], ['kube-system-x', false], ['shop', false], [undefined, false]])('namespace %p: %p', (namespace, expected) => {
    expect(isSystemNamespace(namespace)).toBe(expected);
  });

  test.each([['eks:addon-manager', true], ['eks:my-own', false], ['system:node:worker-1', false]])('%s signs in from the network of a provider: %p', (name, expected) => {
    expect(isProviderUser(user(name))).toBe(expected);
  });
});
