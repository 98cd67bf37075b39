import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { objectsAt, textAt } from '#src/model/raw.ts';
import { createPeopleStore } from '#src/store/people.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { withMetadata } from '#test/build/access.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { ask, withRedis } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { aPerson, aSnapshot } from '#test/build/people.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const FOLDER = mkdtempSync(join(tmpdir(), 'k8ssec-flow-users-'));
const STAFF = join(FOLDER, 'staff.csv');
const FILE = `
clusters:
  - { name: prod, production: true, channel: ${seededId('channel', CHANNEL)} }
  - { name: dev }
${ROLES}
people:
  sources: [{ type: file, name: staff, path: ${STAFF} }]
  usernames: { prefix: 'oidc:' }
  exempt: [ci-robot]
`;
const PEOPLE = [
  aPerson('bob', { name: 'Bob Brown', state: 'departed', evidence: 'status: left', since: '2026-11-20T00:00:00.000Z' }),
  aPerson('eve', { name: 'Eve Evans' }),
];
const BOB = 'User/oidc:bob@corp.example';
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  binding('ops-bob', 'ClusterRole/cluster-admin', [BOB, 'User/oidc:eve@corp.example']),
  binding('keys', 'ClusterRole/key-reader', [BOB, 'Group/dev'], 'shop'),
  withMetadata(binding('argo', 'ClusterRole/key-reader', ['User/oidc:eve@corp.example'], 'shop'), { labels: { 'argocd.argoproj.io/instance': 'shop' } }),
  binding('who', 'ClusterRole/view', ['User/stranger', 'User/ci-robot', 'ServiceAccount/shop/gone'], 'shop'),
];

const BOUND = [
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'ops-bob' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace: 'shop', name: 'keys' },
];

describe('flow: who has access', () => {
  let bot: Bot;

  beforeAll(async () => {
    writeFileSync(STAFF, 'id,name,email,status\nbob,Bob Brown,bob@corp.example,left\neve,Eve Evans,eve@corp.example,active\n');
    bot = await startBot({ objects: OBJECTS, file: FILE, contexts: ['prod', 'dev'], start: false });
    const at = bot.clock.now().toISOString();
    const staff = aSnapshot({ source: 'staff', type: 'file', authority: 'staff-file', people: PEOPLE, askedAt: at, whole: { at, count: PEOPLE.length } });
    await withRedis(bot.redis.url, (redis) => createPeopleStore(redis).put(staff, undefined));
    await bot.replica();
  });

  afterAll(async () => {
    await bot.stop();
    rmSync(FOLDER, { recursive: true, force: true });
  });

  test('users shows who has left, once over all clusters, who matches nobody, and what dangles', async () => {
    const { words, elements } = await ask(bot, 'users');

    expect(words).toMatch(/^\*1 person who has left or is away has access\* in prod, dev\n\*Departed:\* Bob Brown \(bob@corp\.example\)\nstaff: status: left since 2026-11-20 · last activity: not observed/);
    expect(words).toContain('• prod: cluster-admin in the whole cluster (ClusterRoleBinding ops-bob)');
    expect(words).toContain('• stranger in prod, dev');
    expect(words).toContain('• ci-robot in prod, dev: the configuration exempts it');
    expect(words).toContain('• ServiceAccount shop/gone in prod: view in shop (RoleBinding shop/who)');
    expect(elements.filter((element) => element === 'Ask for removal')).toHaveLength(1);
  });

  test('users of one cluster shows that alone', async () => {
    expect((await ask(bot, 'users dev')).text).toBe('1 person who has left or is away has access in dev.');
    expect((await ask(bot, 'users dve')).words).toContain('There is no cluster "dve". Did you mean dev?');
  });

  test.each<readonly [typed: string, text: RegExp, words: readonly string[]]>([
    ['who-can list secrets prod -n shop', /^\d+ subjects may list secrets in shop in prod\.$/, ['• group dev  RoleBinding shop/keys of ClusterRole key-reader', '• user oidc:bob@corp.example  ClusterRoleBinding ops-bob of ClusterRole cluster-admin; RoleBinding shop/keys of ClusterRole key-reader', '• group system:masters  above all bindings']],
    ['who-can list secrets prod', /^\d+ subjects may list secrets in prod\.$/, ['• user oidc:eve@corp.example']],
    ['who-can get /healthz prod', /^\d+ subjects may get \/healthz in prod\.$/, ['• group system:authenticated']],
    ['who-can update certificates.cert-manager.io prod -n shop', /^4 subjects may update certificates\.cert-manager\.io in shop in prod\.$/, ['• user oidc:bob@corp.example']],
  ])('%s', async (typed, text, words) => {
    const answer = await ask(bot, typed);

    expect(answer.text).toMatch(text);
    for (const part of words) expect(answer.words).toContain(part);
  });

  test.each([
    ['who-can', 'Who can do what?'],
    ['who-can list secrets', 'In which cluster? Clusters: prod, dev.'],
    ['who-can lst secrets prod', 'There is no verb "lst". Did you mean list?'],
    ['who-can list secretes prod', 'There is no resource "secretes" in Kubernetes\' own API. Did you mean secrets?'],
    ['who-can list nodes prod -n shop', 'nodes belong to no namespace'],
    ['who-can get pods/exec/more prod', 'is no resource'],
    ['who-can get /healthz prod -n shop', 'is in no namespace'],
    ['access', 'Say one of: of'],
    ['access off bob', 'There is no "access off". Did you mean of?'],
    ['access of', 'Access of whom?'],
    ['remove-user', 'Whose access shall be taken away?'],
    ['remove-user bbo@corp.example', 'Did you mean bob@corp.example?'],
    ['remove-user bob@corp.example --reason boredom', 'There is no reason "boredom".'],
    ['remove-user bob@corp.example --only nothing-here', 'No binding "nothing-here" names Bob Brown'],
    ['remove-user bob@corp.example --cluster nowhere', 'There is no cluster "nowhere".'],
  ])('%s is asked back for', async (typed, words) => {
    expect((await ask(bot, typed)).words).toContain(words);
  });

  test.each(['bob@corp.example', 'oidc:bob@corp.example', 'Bob Brown'])('access of %s finds everything of theirs', async (asked) => {
    const { words } = await ask(bot, `access of "${asked}" prod`);

    expect(words).toContain('`oidc:bob@corp.example` in `prod` · Bob Brown, by the e-mail address bob@corp.example');
    expect(words).toContain('• cluster-admin in the whole cluster (ClusterRoleBinding ops-bob)\n• key-reader in shop: may read Secrets (RoleBinding shop/keys)');
    expect(words).toContain('last activity: not observed');
    expect(words).toContain('Groups that the identity provider puts the person into are not visible in prod: what they grant ends only there.');
  });

  test('access of somebody says what only git can change', async () => {
    expect((await ask(bot, 'access of eve@corp.example dev')).words).toMatch(/RoleBinding shop\/argo` in `dev` is managed by Argo CD \(shop\), which would put a change back\. Take out:\n.*name: oidc:eve@corp\.example/s);
    expect((await ask(bot, 'access of nobody@corp.example --cluster dev')).text).toBe('No access of nobody@corp.example was found in 1 cluster.');
  });

  test('the review button asks for approval of exactly that, and nothing is changed', async () => {
    const before = bot.kube.objects.list('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding').length;
    const list = await ask(bot, 'users dev');

    const answer = await (await bot.slack.as('ann').press(list, 'Ask for removal')).answer();
    const again = await ask(bot, 'remove-user bob@corp.example --cluster dev');

    expect(answer.words).toContain('Approval is asked for. Nothing has been changed yet.');
    expect(answer.words).toContain('Remove the access of bob@corp.example: 2 bindings in 1 cluster');
    expect(again.words).toContain('That is asked for already.');
    expect(bot.kube.objects.list('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding')).toHaveLength(before);
    expect(bot.kube.requests.all(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('nobody who may only look asks for a removal', async () => {
    expect((await ask(bot, 'remove-user bob@corp.example', { as: 'cy' })).words).toMatch(/operator/);
  });

  test('status says how the sources of people are, and that a request waits', async () => {
    await ask(bot, 'remove-user bob@corp.example --cluster dev');

    const { words } = await ask(bot, 'status');

    expect(words).toMatch(/Sources of people\n• staff: 1 person, (just now|\d+ min ago)/);
    expect(words).toContain('1 request waits for a decision: `/k8ssec approvals`');
  });

  test('two approve, exactly the subjects go, their bindings stay, and all of it can be taken back', async () => {
    const subjects = () => BOUND.map((name) => objectsAt(bot.kube.objects.get(name), 'subjects').map(([, subject]) => textAt(subject, 'name')).sort());
    const before = subjects();
    const id = /^`(\w+)` Remove the access/m.exec((await ask(bot, 'remove-user bob@corp.example --cluster dev')).words)?.[1] ?? '';

    for (const as of ['bo', 'cy']) await ask(bot, `approve ${id} --reason "left the company on Friday" --user oidc:bob@corp.example`, { as });
    const { words } = await bot.slack.as('bo').sees(CHANNEL, /Done: 2 of 2.* · verified/);

    expect(subjects()).toEqual([['oidc:eve@corp.example'], ['dev']]);
    expect(words).toContain('• cluster-admin in the whole cluster (ClusterRoleBinding ops-bob) · done\n• key-reader in shop: may read Secrets (RoleBinding shop/keys) · done');
    expect((await ask(bot, 'users dev')).text).toBe('No access was found of anybody who is known to have left in dev.');

    await ask(bot, `undo ${id} --reason "it was the wrong Bob"`, { as: 'bo' });
    await until(() => isDeepStrictEqual(subjects(), before));
  });
});
