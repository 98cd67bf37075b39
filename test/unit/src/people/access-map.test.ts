import { describe, expect, test } from '@jest/globals';
import { rightsOf } from '#src/people/rights-of.ts';
import { accessMapOf, aClientCertificate, anArgoConfig, anAwsAuth, withMetadata } from '#test/build/access.ts';
import { binding, role } from '#test/build/rbac.ts';

const ADMIN = role('cluster-admin', ['* *:*']);
const textsOf = async (objects: Parameters<typeof accessMapOf>[0], user: string) => (await accessMapOf(objects)).users.get(user)?.map(({ text }) => text);

describe('src/people/access-map', () => {
  test('finds every subject of every binding, the most dangerous first', async () => {
    const map = await accessMapOf([
      role('view', ['get,list pods']),
      role('runner', ['create pods/exec', 'list secrets'], { namespace: 'shop' }),
      role('keys', ['get secrets']),
      binding('see', 'ClusterRole/view', ['User/bob'], 'shop'),
      binding('run', 'Role/runner', ['Group/dev', 'User/bob'], 'shop'),
      binding('all', 'ClusterRole/cluster-admin', ['User/bob']),
      binding('keys', 'ClusterRole/keys', ['User/bob']),
    ]);

    expect(map.users.get('bob')?.map((path) => [path.text, path.type === 'binding' && path.address.name, path.type === 'binding' && path.index])).toEqual([
      ['cluster-admin in the whole cluster', 'all', 0],
      ['keys in the whole cluster: may read Secrets', 'keys', 0],
      ['runner in shop: may run commands in pods, read Secrets', 'run', 1],
      ['view in shop', 'see', 0],
    ]);
    expect(map.groups.get('dev')?.map(({ text }) => text)).toEqual(['runner in shop: may run commands in pods, read Secrets']);
    expect(map.unread).toEqual([]);
  });

  test('says what a role is that nobody knows by its name', async () => {
    const objects = [
      role('god', ['* *:*']),
      role('quiet', ['get,watch pods']),
      binding('a', 'ClusterRole/god', ['User/bob'], 'shop'),
      binding('b', 'ClusterRole/quiet', ['User/bob'], 'shop'),
      binding('c', 'ClusterRole/gone', ['User/bob'], 'shop'),
    ];

    expect(await textsOf(objects, 'bob')).toEqual(['god in shop: may do everything', 'quiet in shop: may only read', 'gone in shop, a role that does not exist']);
  });

  test('a role that could not be read is not said to be gone', async () => {
    const map = await accessMapOf([binding('c', 'ClusterRole/ops', ['User/bob'], 'shop')], { unlisted: { ClusterRole: 'no permission to list clusterroles' } });

    expect(map.users.get('bob')?.map(({ text }) => text)).toEqual(['ops in shop, a role that could not be read']);
    expect(map.unread).toEqual([{ kind: 'ClusterRole', text: 'Could not look at clusterroles in prod: no permission to list clusterroles.' }]);
  });

  test('rights over what is in no namespace are none within one', async () => {
    expect(await textsOf([role('nodes', ['get nodes/proxy']), binding('n', 'ClusterRole/nodes', ['User/bob'], 'shop')], 'bob')).toEqual(['nodes in shop: may only read']);
  });

  test.each(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'CertificateSigningRequest', 'ServiceAccount', 'Secret'])('says when no %s could be looked at', async (kind) => {
    const { unread } = await accessMapOf([], { unlisted: { [kind]: 'no permission' } });

    expect(unread.map((one) => one.kind)).toEqual([kind]);
    expect(unread[0]?.text).toMatch(/^Could not look at \w+ in prod: no permission\.$/);
  });

  test('reads the users of EKS with their groups, and never its roles', async () => {
    const map = await accessMapOf([
      anAwsAuth('- {userarn: "arn:aws:iam::1:user/bob", username: bob, groups: [system:masters]}\n- {userarn: "arn:aws:iam::1:user/eve", groups: [dev]}\n', { mapRoles: '- {rolearn: r, username: "system:node:{{EC2PrivateDNSName}}", groups: [system:nodes]}\n' }),
    ]);

    expect([...map.users].map(([user, paths]) => [user, paths.map(({ text }) => text)])).toEqual([
      ['bob', ['everything in the whole cluster, as arn:aws:iam::1:user/bob in system:masters']],
      ['arn:aws:iam::1:user/eve', ['signs in as arn:aws:iam::1:user/eve, with groups dev']],
    ]);
    expect(map.seenGroups('bob')).toEqual([{ group: 'system:masters', from: 'aws-auth' }]);
  });

  test('says when the map of EKS cannot be read', async () => {
    expect((await accessMapOf([anAwsAuth('- userarn: [')])).unread.map(({ text }) => text)).toEqual(['Could not look into ConfigMap kube-system/aws-auth in prod: its mapUsers are no YAML.']);
  });

  test('reads certificates that have not ended, with the groups in them', async () => {
    const certificates = await Promise.all([aClientCertificate('bob', { groups: ['dev'] }), aClientCertificate('eve', { expiresAt: '2026-11-22T00:00:00.000Z' }), aClientCertificate('root', { groups: ['system:masters'] })]);
    const map = await accessMapOf(certificates);

    expect([...map.users].map(([user, [path]]) => [user, path?.text])).toEqual([
      ['bob', 'client certificate valid to 2027-03-03, in the groups dev'],
      ['root', 'client certificate valid to 2027-03-03, in system:masters: everything in the whole cluster'],
    ]);
    expect(map.seenGroups('bob')).toEqual([{ group: 'dev', from: 'certificate' }]);
  });

  test('reads the accounts of Argo CD that are on, but not its own', async () => {
    const map = await accessMapOf([anArgoConfig({ 'accounts.bob': 'login, apiKey', 'accounts.eve': 'login', 'accounts.eve.enabled': 'false', 'accounts.admin': 'login', 'accounts.ann': 'apiKey', 'accounts.ann.enabled': 'true', url: 'https://argo.example' })]);

    expect([...map.users].map(([user, [path]]) => [user, path?.text])).toEqual([
      ['bob', 'account bob of Argo CD (login, apiKey)'],
      ['ann', 'account ann of Argo CD (apiKey)'],
    ]);
  });

  test('reads tokens that never end, by metadata alone', async () => {
    const secret = (name: string, labels: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'ci', labels, annotations: { 'kubernetes.io/service-account.name': 'bob' } } });
    const map = await accessMapOf([secret('live', { 'kubernetes.io/legacy-token-last-used': '2026-11-20' }), secret('dead', { 'kubernetes.io/legacy-token-invalid-since': '2026-01-01' })]);

    expect(map.users.get('system:serviceaccount:ci:bob')?.map(({ text }) => text)).toEqual(['token of ServiceAccount ci/bob that never ends (Secret live, last used 2026-11-20)']);
  });

  test('finds ServiceAccounts that are bound and do not exist, unless they could not be read', async () => {
    const objects = [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } }, binding('a', 'ClusterRole/edit', ['ServiceAccount/shop/web', 'ServiceAccount/shop/gone', 'User/bob'], 'shop')];

    expect((await accessMapOf(objects)).dangling.map(({ principal }) => principal.name)).toEqual(['system:serviceaccount:shop:gone']);
    expect((await accessMapOf(objects, { unlisted: { ServiceAccount: 'no permission' } })).dangling).toEqual([]);
  });

  test.each<readonly [tool: string, metadata: object, expected: object | undefined]>([
    ['Helm by its annotation', { annotations: { 'meta.helm.sh/release-name': 'shop' } }, { tool: 'Helm', name: 'shop' }],
    ['Helm by its label', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }, { tool: 'Helm' }],
    ['Argo CD by its label', { labels: { 'argocd.argoproj.io/instance': 'shop' } }, { tool: 'Argo CD', name: 'shop' }],
    ['Argo CD by tracking', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:rbac.authorization.k8s.io/RoleBinding:shop/a' } }, { tool: 'Argo CD', name: 'shop' }],
    ['Argo CD rather than the chart it renders', { labels: { 'argocd.argoproj.io/instance': 'shop', 'app.kubernetes.io/managed-by': 'Helm' } }, { tool: 'Argo CD', name: 'shop' }],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'base' } }, { tool: 'Flux', name: 'base' }],
    ['Flux with Helm', { labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'app.kubernetes.io/managed-by': 'Helm' } }, { tool: 'Flux', name: 'shop' }],
    ['an operator', { ownerReferences: [{ apiVersion: 'a/v1', kind: 'Tenant', name: 't', uid: 'u' }] }, { tool: 'Tenant', name: 't' }],
    ['nobody', { labels: { 'app.kubernetes.io/managed-by': 'kustomize' } }, undefined],
  ])('knows that %s manages an object', async (_tool, metadata, expected) => {
    const map = await accessMapOf([withMetadata(binding('a', 'ClusterRole/edit', ['User/bob'], 'shop'), { ...metadata })]);
    const [path] = map.users.get('bob') ?? [];

    expect(path?.type === 'binding' ? path.manager : 'no binding').toEqual(expected);
  });
});

describe('src/people/rights-of', () => {
  test('names what a user has by itself and by groups, and counts what everybody has', async () => {
    const certificate = await aClientCertificate('bob', { groups: ['dev'] });
    const map = await accessMapOf([
      certificate,
      role('hello', ['create authorization.k8s.io:selfsubjectaccessreviews']),
      role('keys', ['get secrets']),
      ADMIN,
      binding('hello', 'ClusterRole/hello', ['Group/system:authenticated']),
      binding('oops', 'ClusterRole/keys', ['Group/system:authenticated']),
      binding('dev', 'ClusterRole/edit', ['Group/dev'], 'shop'),
      binding('mine', 'ClusterRole/view', ['User/bob'], 'shop'),
    ]);

    expect(rightsOf(map, 'bob').rights.map(({ text }) => text)).toEqual([
      // The role edit may act as every ServiceAccount of the namespace.
      'edit in shop (RoleBinding shop/dev), by group dev',
      'keys in the whole cluster: may read Secrets (ClusterRoleBinding oops), by group system:authenticated',
      'client certificate valid to 2027-03-03, in the groups dev',
      'view in shop (RoleBinding shop/mine)',
    ]);
    expect(rightsOf(map, 'bob').everybodys).toBe(1);
    expect(rightsOf(map, 'bob', ['ops']).rights.map(({ path }) => path?.type)).toEqual(['certificate', 'binding']);
    expect(rightsOf(map, 'eve', ['system:masters']).rights.map(({ text }) => text)).toEqual(['everything in the whole cluster, by group system:masters']);
  });
});
