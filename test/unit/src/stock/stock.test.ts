import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Kind } from '#src/model/kinds.ts';
import { textAt, UNRESOLVED, type RawObject } from '#src/model/raw.ts';
import { isStock } from '#src/stock/stock.ts';
import { binding, role } from '#test/build/rbac.ts';

const BOOTSTRAP_KINDS: ReadonlySet<string> = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']);

describe('src/stock/stock', () => {
  test('takes every role and binding that a real API server makes at its first start for stock', () => {
    const shipped = JSON.parse(readFileSync('src/sandbox/kube/data/shipped.json', 'utf8')) as readonly RawObject[];
    const rbac = shipped.filter((object) => BOOTSTRAP_KINDS.has(kindOf(object)));

    expect(rbac.length).toBeGreaterThan(130);
    expect(rbac.filter((object) => !stock(object)).map((object) => textAt(object, 'metadata', 'name'))).toEqual([]);
  });

  test.each<[string, RawObject]>([
    ['a default role that says less than is shipped', role('system:node-proxier', ['list services'])],
    ['a rule that only an older version shipped', role('system:aggregate-to-edit', ['create,patch endpoints'])],
    ['admin, filled from roles of add-ons', { ...role('admin', ['* example.com:widgets']), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' } }] } }],
    ['a role of the system that is not known, which gives nothing until it is bound', role('system:controller:brand-new', ['delete pods'])],
    ['the binding of a controller that is not known', binding('system:controller:brand-new', 'ClusterRole/system:controller:brand-new', ['ServiceAccount/kube-system/brand-new'])],
    ['a default binding without subjects', binding('system:node', 'ClusterRole/system:node', [])],
    ['the administrators of kubeadm', binding('kubeadm:cluster-admins', 'ClusterRole/cluster-admin', ['Group/kubeadm:cluster-admins'])],
    ['a binding of Amazon EKS to itself', binding('eks:addon-manager', 'ClusterRole/eks:addon-manager', ['User/eks:addon-manager'])],
    ['a binding of Google GKE to an account of its own namespace', binding('gke-metrics-agent', 'ClusterRole/gke-metrics-agent', ['ServiceAccount/gke-managed-system/agent'])],
  ])('takes %s for stock', (_, object) => {
    expect(stock(object)).toBe(true);
  });

  test.each<[string, RawObject]>([
    ['a default role with a rule more', role('system:node-proxier', ['list services', 'list secrets'])],
    ['a default role with a wildcard in place of its verbs', role('system:discovery', ['* *:*'])],
    ['admin, filled by a label of somebody else', { ...role('admin', ['* *:*']), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { team: 'shop' } }] } }],
    ['a default role that upgrades do not mend', { ...role('view', []), metadata: { name: 'view', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } } }],
    ['cluster-admin bound to somebody more', binding('cluster-admin', 'ClusterRole/cluster-admin', ['Group/system:masters', 'User/jo'])],
    ['a default binding that gives another role', binding('system:basic-user', 'ClusterRole/cluster-admin', ['Group/system:authenticated'])],
    ['the binding of a controller to an account of another namespace', binding('system:controller:brand-new', 'ClusterRole/system:controller:brand-new', ['ServiceAccount/shop/brand-new'])],
    ['a binding that only has a name of the system', binding('system:mine', 'ClusterRole/cluster-admin', ['User/jo'])],
    ['a binding that only has a name of a provider', binding('eks:mine', 'ClusterRole/cluster-admin', ['User/jo'])],
    ['a binding of a provider to everybody', binding('eks:everybody', 'ClusterRole/view', ['Group/system:authenticated'])],
    ['a role without rules that nobody ships', role('empty', [])],
    ['a binding without subjects that nobody ships', binding('empty', 'ClusterRole/cluster-admin', [])],
    ['an account that somebody put into kube-system', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'superadmin', namespace: 'kube-system' } }],
    ['the account that pods of a namespace have by default', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' } }],
    ['a ConfigMap that people configure DNS with', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: 'kube-system' } }],
    ['the map of cloud users', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aws-auth', namespace: 'kube-system' } }],
    ['a namespace of the system, which people label', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } }],
    ['an object whose name is only known when the file is applied', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: UNRESOLVED, namespace: 'kube-system' } }],
  ])('does not take %s for stock', (_, object) => {
    expect(stock(object)).toBe(false);
  });

  test.each([
    ['ServiceAccount', 'kube-system', 'default'],
    ['ServiceAccount', 'kube-system', 'coredns'],
    ['ServiceAccount', 'kube-system', 'job-controller'],
    ['ConfigMap', 'shop', 'kube-root-ca.crt'],
    ['ConfigMap', 'kube-public', 'cluster-info'],
    ['Service', 'default', 'kubernetes'],
    ['Service', 'kube-system', 'kube-dns'],
  ])('takes the %s %s/%s for stock', (kind, namespace, name) => {
    expect(stock({ apiVersion: 'v1', kind, metadata: { namespace, name } })).toBe(true);
  });
});

function stock(object: RawObject): boolean {
  return isStock(kindOf(object) as Kind, object);
}

function kindOf(object: RawObject): string {
  return textAt(object, 'kind') ?? '';
}
