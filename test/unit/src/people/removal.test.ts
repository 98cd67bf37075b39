import { describe, expect, test } from '@jest/globals';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { createMatcher } from '#src/people/match.ts';
import { assessRemoval, removalPlan, type Removal } from '#src/people/removal.ts';
import { accessMapOf, accessSettings, aClientCertificate, aKnownPerson, anArgoConfig, anAwsAuth, withMetadata } from '#test/build/access.ts';
import { binding, role } from '#test/build/rbac.ts';

const BOB = aKnownPerson('bob', { state: 'departed' });
const ANN = aKnownPerson('ann');
const CY = aKnownPerson('cy', { state: 'departed' });
const BOBS = 'bob@corp.example';
const ARGO = { labels: { 'argocd.argoproj.io/instance': 'shop' } };
const ANN_IS_ADMIN = binding('ann', 'ClusterRole/cluster-admin', ['User/ann@corp.example']);
const ROLES = [role('cluster-admin', ['* *:*']), role('view', ['get,list pods']), role('keys', ['list secrets', 'get configmaps'])];

interface World {
  readonly people?: readonly KnownPerson[];
  readonly person?: KnownPerson;
  readonly settings?: Partial<AccessSettings>;
  readonly unlisted?: Readonly<Record<string, string>>;
  readonly choice?: readonly string[];
  readonly others?: Readonly<Record<string, readonly RawObject[]>>;
}

async function assessed(objects: readonly RawObject[], { people = [BOB, ANN, CY], person = BOB, settings = {}, unlisted = {}, choice, others = {} }: World = {}): Promise<Removal> {
  const all = accessSettings(settings);
  const maps = await Promise.all([accessMapOf([...ROLES, ...objects], { unlisted }), ...Object.entries(others).map(([cluster, more]) => accessMapOf([...ROLES, ...more], { cluster }))]);
  return assessRemoval({ person, maps, matcher: createMatcher(people, all), settings: all, ...(choice && { choice }) });
}

const changesOf = ({ plan }: Removal) => plan.changes.map(({ type, text, address }) => `${type} ${address.cluster}/${address.namespace ?? ''}/${address.name}: ${text}`);

describe('src/people/removal', () => {
  test('takes exactly the subjects of the person, the most dangerous first over all clusters', async () => {
    const removal = await assessed([binding('see', 'ClusterRole/view', ['User/ann@corp.example', `User/${BOBS}`, 'Group/dev'], 'shop'), binding('keys', 'ClusterRole/keys', [`User/${BOBS}`])], {
      others: { dev: [binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), ANN_IS_ADMIN] },
    });

    expect(changesOf(removal)).toEqual([
      'remove-item dev//all: cluster-admin in the whole cluster (ClusterRoleBinding all)',
      'remove-item prod//keys: keys in the whole cluster: may read Secrets (ClusterRoleBinding keys)',
      'remove-item prod/shop/see: view in shop (RoleBinding shop/see)',
    ]);
    expect(removal.plan.changes[2]).toMatchObject({
      path: ['subjects'],
      item: { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: BOBS },
      address: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', resource: 'rolebindings', namespace: 'shop', name: 'see' },
      before: { kind: 'RoleBinding', subjects: [{ name: 'ann@corp.example' }, { name: BOBS }, { name: 'dev' }] },
    });
    expect(removal.administrator).toBe(BOBS);
  });

  test('a subject that is named twice is taken out twice', async () => {
    expect(changesOf(await assessed([binding('see', 'ClusterRole/view', [`User/${BOBS}`, `User/${BOBS}`], 'shop')]))).toHaveLength(2);
  });

  test('the last subject leaves its binding behind, so that its role is not lost', async () => {
    const { plan } = await assessed([binding('mine', 'ClusterRole/view', [`User/${BOBS}`], 'shop')]);

    expect(plan.changes.map(({ type }) => type)).toEqual(['remove-item']);
  });

  test('asks the API server afterwards whether the worst is gone, without groups', async () => {
    const { plan } = await assessed([binding('keys', 'ClusterRole/keys', [`User/${BOBS}`], 'shop'), binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), binding('see', 'ClusterRole/view', [`User/${BOBS}`], 'blog'), ANN_IS_ADMIN]);

    expect(plan.proofs).toEqual([
      { question: { cluster: 'prod', user: BOBS, groups: [], verb: '*', group: '*', resource: '*' }, expect: 'denied' },
      { question: { cluster: 'prod', user: BOBS, groups: [], verb: 'list', group: '', resource: 'secrets', namespace: 'shop' }, expect: 'denied' },
      { question: { cluster: 'prod', user: BOBS, groups: [], verb: 'get', group: '', resource: 'pods', namespace: 'blog' }, expect: 'denied' },
    ]);
    expect(plan.stays).toEqual([]);
  });

  test('asks too where the role could not be read', async () => {
    const { plan } = await assessed([binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), ANN_IS_ADMIN], { unlisted: { ClusterRole: 'no permission' } });

    expect(plan.proofs.map(({ question }) => question.verb)).toEqual(['*']);
  });

  test('expects nothing of a right that another binding still gives, and says by which', async () => {
    const { plan, patches } = await assessed([binding('keys', 'ClusterRole/keys', [`User/${BOBS}`], 'shop'), withMetadata(binding('argo', 'ClusterRole/keys', [`User/${BOBS}`]), ARGO)]);

    expect(plan.changes.map(({ address }) => address.name)).toEqual(['keys']);
    expect(plan.proofs).toEqual([]);
    expect(plan.stays).toEqual([
      'Keys in the whole cluster: may read Secrets (ClusterRoleBinding argo) stays in prod: the object is managed by Argo CD (shop), which would put it back, so change it in git.',
      `user ${BOBS} may still list secrets in shop in prod, by ClusterRoleBinding argo.`,
    ]);
    expect(patches).toEqual([
      {
        address: expect.objectContaining({ kind: 'ClusterRoleBinding', name: 'argo' }),
        manager: { tool: 'Argo CD', name: 'shop' },
        remove: `- kind: User\n  apiGroup: rbac.authorization.k8s.io\n  name: ${BOBS}\n`,
        wanted: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: argo\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: keys\nsubjects: []\n',
      },
    ]);
  });

  test('with a choice the rest stays, and is said to', async () => {
    const removal = await assessed([binding('one', 'ClusterRole/view', [`User/${BOBS}`], 'shop'), binding('two', 'ClusterRole/view', [`User/${BOBS}`], 'blog')], { choice: [`prod/RoleBinding/blog/two#User/${BOBS}`] });

    expect(changesOf(removal)).toEqual(['remove-item prod/blog/two: view in blog (RoleBinding blog/two)']);
    expect(removal.plan.stays).toEqual(['View in shop (RoleBinding shop/one) stays in prod: it was not chosen.']);
  });

  test.each<readonly [what: string, user: string, settings: Partial<AccessSettings>, why: RegExp]>([
    ['a name for emergencies', BOBS, { breakGlass: [BOBS] }, /keeps it for emergencies/],
    ['a person whose address is for emergencies', 'fire', { breakGlass: [BOBS], aliases: new Map([['fire', BOBS]]) }, /keeps it for emergencies/],
    ['an exempt name', 'robot', { exempt: ['robot'], aliases: new Map([['robot', BOBS]]) }, /exempts it/],
    ['a name of Kubernetes', 'system:kube-scheduler', { aliases: new Map([['system:kube-scheduler', BOBS]]) }, /of Kubernetes itself/],
    ['a name of the control plane', 'kube-admin', { aliases: new Map([['kube-admin', BOBS]]) }, /control plane/],
    ['a node', 'system:node:n1', { aliases: new Map([['system:node:n1', BOBS]]) }, /of Kubernetes itself/],
    ['a name that is only possibly theirs', 'bob', {}, /not certain that bob is theirs/],
  ])('nothing is taken away from %s', async (_what, user, settings, why) => {
    const { plan } = await assessed([binding('see', 'ClusterRole/view', [`User/${user}`], 'shop')], { settings });

    expect(plan.changes).toEqual([]);
    expect(plan.stays.join(' ')).toMatch(why);
  });

  test.each<readonly [what: string, others: readonly RawObject[], settings: Partial<AccessSettings>, stays: boolean]>([
    ['there is nobody else', [], {}, true],
    ['the other one has left too', [binding('cy', 'ClusterRole/cluster-admin', ['User/cy@corp.example'])], {}, true],
    ['the other one is a service', [binding('ci', 'ClusterRole/cluster-admin', ['User/ci'])], { exempt: ['ci'] }, true],
    ['the other one is nobody’s', [binding('ci', 'ClusterRole/cluster-admin', ['User/ci'])], { aliases: new Map([['ci', '-']]) }, true],
    ['there is a group, of which nobody knows who is in it', [binding('g', 'ClusterRole/cluster-admin', ['Group/admins'])], {}, true],
    ['the other one has it in a namespace only', [binding('ann', 'ClusterRole/cluster-admin', ['User/ann@corp.example'], 'shop')], {}, true],
    ['a colleague is administrator', [ANN_IS_ADMIN], {}, false],
    ['somebody unknown is', [binding('eve', 'ClusterRole/cluster-admin', ['User/eve'])], {}, false],
    ['there is a name for emergencies', [binding('fire', 'ClusterRole/cluster-admin', ['User/fire'])], { breakGlass: ['fire'] }, false],
    ['a colleague is by the map of EKS', [anAwsAuth('- {userarn: a, username: "ann@corp.example", groups: [system:masters]}\n')], {}, false],
    ['a colleague is by a group of that map', [anAwsAuth('- {userarn: a, username: "ann@corp.example", groups: [admins]}\n'), binding('g', 'ClusterRole/cluster-admin', ['Group/admins'])], {}, false],
  ])('the last administrator stays one: %s', async (_what, others, settings, stays) => {
    const removal = await assessed([binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), binding('see', 'ClusterRole/view', [`User/${BOBS}`], 'shop'), ...others], { settings });

    expect(removal.plan.changes.map(({ address }) => address.name)).toEqual(stays ? ['see'] : ['all', 'see']);
    expect(removal.plan.stays.some((text) => text.includes('make somebody one first'))).toBe(stays);
    expect(removal.administrator).toBe(stays ? undefined : BOBS);
  });

  test('no patch for git either takes the last administrator away', async () => {
    expect((await assessed([withMetadata(binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), ARGO)])).patches).toEqual([]);
    expect((await assessed([withMetadata(binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`]), ARGO), ANN_IS_ADMIN])).patches).toHaveLength(1);
  });

  test('takes all entries of a person out of the map of EKS by one change, and leaves nodes and roles', async () => {
    const nodes = '- {userarn: n, username: "bob@corp.example", groups: [system:nodes]}\n';
    const mine = (arn: string) => `- {userarn: ${arn}, username: "${BOBS}", groups: [dev]}\n`;
    const roles = '- {rolearn: r, groups: [system:nodes]}\n';
    const removal = await assessed([anAwsAuth(`${mine('a')}${nodes}# two\n${mine('b')}`, { mapRoles: roles })]);

    expect(removal.plan.changes).toEqual([expect.objectContaining({ type: 'set-text', path: ['data', 'mapUsers'], previous: `${mine('a')}${nodes}# two\n${mine('b')}`, value: `${nodes}# two\n` })]);
    expect(removal.removed).toHaveLength(2);
    expect(removal.plan.stays).toContain('Signs in as n, with groups system:nodes (ConfigMap kube-system/aws-auth) stays in prod: nodes sign in by it.');
  });

  test('a user of the cloud may be known by the name of the cloud', async () => {
    const removal = await assessed([anAwsAuth('- {userarn: "arn:aws:iam::1:user/bob", username: admin-7}\n')], { settings: { usernameTemplates: ['arn:aws:iam::1:user/{local}'] } });

    expect(changesOf(removal)).toEqual(['set-text prod/kube-system/aws-auth: signs in as arn:aws:iam::1:user/bob, with no groups (ConfigMap kube-system/aws-auth)']);
  });

  test('says when only a person can take an entry out', async () => {
    const { plan } = await assessed([anAwsAuth(`[{userarn: a, username: "${BOBS}"}]`)]);

    expect(plan.changes).toEqual([]);
    expect(plan.stays).toEqual(['Signs in as a, with no groups (ConfigMap kube-system/aws-auth) stays in prod: the text of mapUsers is written so that only a person can take an entry out.']);
  });

  test('what is managed in git gets a patch of the entry alone', async () => {
    const other = '- {userarn: b, username: ann}\n';
    const { patches, plan } = await assessed([anAwsAuth(`- {userarn: a, username: "${BOBS}"}\n${other}`, {}, ARGO), anArgoConfig({ 'accounts.bob': 'login' }, ARGO)], { settings: { aliases: new Map([['bob', BOBS]]) } });

    expect(plan.changes).toEqual([]);
    expect(patches.map(({ remove, wanted }) => ({ remove, wanted }))).toEqual([
      { remove: `- userarn: a\n  username: ${BOBS}\n`, wanted: `data:\n  mapUsers: |\n    ${other}` },
      { remove: 'accounts.bob.enabled: "true"\n', wanted: 'data:\n  accounts.bob.enabled: "false"\n' },
    ]);
  });

  test('switches an account of Argo CD off, which can be taken back', async () => {
    const removal = await assessed([anArgoConfig({ 'accounts.bob': 'login', 'accounts.ann': 'login' })], { settings: { usernameTemplates: ['{local}'] } });

    expect(removal.plan.changes).toEqual([expect.objectContaining({ type: 'set-text', path: ['data', 'accounts.bob.enabled'], previous: undefined, value: 'false', text: 'account bob of Argo CD, switched off (ConfigMap argocd/argocd-cm)' })]);
  });

  test('says what certificates, groups and the identity provider still give', async () => {
    const { plan } = await assessed([
      await aClientCertificate(BOBS, { groups: ['devs'] }),
      binding('see', 'ClusterRole/view', [`User/${BOBS}`], 'shop'),
      ...['a', 'b', 'c'].map((namespace) => binding('devs', 'ClusterRole/edit', ['Group/devs'], namespace)),
    ]);

    expect(plan.stays).toEqual([
      'A client certificate in prod is valid to 2027-03-03: only a new certificate authority of the cluster ends it; with the bindings gone it can do nothing but what groups give.',
      'Group devs (edit in 3 namespaces) stays in prod: remove the person from the group where it is kept.',
      'Groups that the identity provider puts the person into are not visible in prod: what they grant ends only there.',
    ]);
  });

  test('what could not be looked at is said, for Secrets only when it matters', async () => {
    const unlisted = { Secret: 'no permission to list secrets', CertificateSigningRequest: 'no permission to list certificatesigningrequests' };

    expect((await assessed([binding('see', 'ClusterRole/view', [`User/${BOBS}`], 'shop')], { unlisted })).plan.stays).toEqual(['Could not look at certificatesigningrequests in prod: no permission to list certificatesigningrequests.']);
    expect((await assessed([binding('see', 'ClusterRole/view', ['ServiceAccount/ci/bob'], 'shop')], { unlisted, settings: { aliases: new Map([['system:serviceaccount:ci:bob', BOBS]]) } })).plan.stays.join(' ')).toMatch(/Could not look at secrets/);
  });

  test('the same world gives the same plan, whatever the order in which it was read', async () => {
    const objects = [binding('one', 'ClusterRole/view', [`User/${BOBS}`], 'shop'), binding('two', 'ClusterRole/view', [`User/${BOBS}`], 'blog'), binding('all', 'ClusterRole/keys', [`User/${BOBS}`])];

    expect((await assessed(objects.toReversed())).plan).toEqual((await assessed(objects)).plan);
  });

  test('rests on the state of the person and on whose the names are', async () => {
    expect((await assessed([binding('see', 'ClusterRole/view', [`User/${BOBS}`], 'shop')])).plan.basis).toEqual(['okta/bob is departed', `${BOBS}: exact, by the e-mail address ${BOBS}`]);
  });

  test('nothing to take away is no proposal, and the reason is said', async () => {
    const settings = accessSettings();
    const proposed = async (objects: readonly RawObject[]) => removalPlan({ person: BOB, maps: [await accessMapOf(objects)], matcher: createMatcher([BOB], settings), settings });

    await expect(proposed([])).rejects.toThrow(new NothingToPropose('No access of bob was found in prod.'));
    await expect(proposed([binding('all', 'ClusterRole/cluster-admin', [`User/${BOBS}`])])).rejects.toThrow(/^Nothing of the access of bob in prod can be taken away from here\. Cluster-admin .* make somebody one first\.$/);
  });
});
