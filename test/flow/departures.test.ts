import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { textMapAt } from '#src/model/raw.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { createPeopleStore } from '#src/store/people.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { aNamespace, aPod, aTokenSecret } from '#test/build/objects.ts';
import { asked, messageOf, OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';

jest.setTimeout(60_000);

const PROD = OFFICE.replace(/^ {2}- \{ name: dev.*\n/m, '');
const LEAVERS = [...Array.from({ length: 7 }, (_, index) => `leaver${index}`)];
const OBJECTS = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']),
  binding('view-dana', 'ClusterRole/view', ['User/oidc:dana@corp.example'], 'shop'),
  binding('keys', 'ClusterRole/key-reader', [...LEAVERS.map((name) => `User/oidc:${name}@corp.example`), 'User/oidc:bo@corp.example']),
  binding('view', 'ClusterRole/view', [...LEAVERS.map((name) => `User/oidc:${name}@corp.example`), 'Group/dev'], 'shop'),
  binding('deploys', 'ClusterRole/edit', ['ServiceAccount/default/deployer', 'User/oidc:bo@corp.example'], 'shop'),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace: 'default' }, secrets: [{ name: 'deployer-token' }] },
  aTokenSecret({ name: 'deployer-token', account: 'deployer' }),
  { ...aPod({ name: 'ci' }), spec: { serviceAccountName: 'deployer', containers: [{ name: 'main', image: 'registry.example/ci:1' }] } },
];

let office: Office;
let bot: Bot;

beforeAll(async () => {
  office = await openOffice({ objects: OBJECTS, file: PROD, contexts: ['prod'], slack: { people: [...LEAVERS.map((handle) => ({ handle, realName: `Lee ${handle}` })), { handle: 'fay', realName: 'Fay Approver' }] } });
  ({ bot } = office);
});

afterAll(() => office.stop());

const as = (handle: string) => bot.slack.as(handle);
const holders = () => [office.subjects('keys'), office.subjects('view', 'shop')];
const writes = () => bot.kube.requests.all(({ method, resource, query }) => method !== 'GET' && !resource.endsWith('reviews') && !query.includes('dryRun'));

/** The message about somebody's access, and the id of its request. */
async function askedAbout(handle: string): Promise<{ readonly id: string; readonly message: SeenMessage }> {
  const message = await as('ann').sees(CHANNEL, ({ isEphemeral, words }) => !isEphemeral && words.includes(`Remove the access of ${handle}@`) && words.includes('*Approve?*'));
  return { message, id: /remove-user `(r\w{5})`/.exec(message.words)?.[1] ?? '' };
}

async function confirm(handle: string, id: string, verdict: 'approve' | 'deny' = 'approve'): Promise<void> {
  const preview = await ask(bot, `${verdict} ${id} --reason "${REASON}"`, { as: handle });
  await as(handle).press(preview, `Confirm: ${verdict}`);
  await as(handle).seesModal(/Your approval counts|It is being carried out|Denied/);
  await as(handle).close({ all: true });
}

describe('flow: somebody who is deactivated in Slack', () => {
  test('S28: has their access asked for at once, removed by two people, proven gone, and restored', async () => {
    const before = holders();
    bot.slack.control.workspace.deactivate('leaver0');

    const { id, message } = await askedAbout('leaver0');
    expect(message.words).toMatch(/^Departed user still has access\n\*Approve\?\* .*2 bindings in 1 cluster · asked by k8ssec\n/);
    expect(message.words).toMatch(/slack: deleted: true[^]*deactivated in Slack only[^]*key-reader in the whole cluster: may read Secrets[^]*view in shop/);
    expect(message.words).toContain('Needs 2 people.');
    expect(writes()).toEqual([]);
    await confirm('bo', id);
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' })).words).toContain('You have already approved this');
    expect(holders()).toEqual(before);
    await confirm('cy', id);

    const removed = await as('ann').seesChange(message, /Done: 2 of 2, .* · verified/);
    expect(holders().flat().filter((name) => name?.includes('leaver0'))).toEqual([]);
    expect(holders()[0]).toContain('oidc:bo@corp.example');
    expect(removed.elements).toEqual(['Restore']);
    expect(writes()).toHaveLength(2);

    await (await as('dana').press(removed, 'Restore')).answer(/It is being taken back/);
    const restored = await as('ann').seesChange(message, /\*Restored\* by @dana .* 2 of 2 undone/);
    expect(restored.elements).toEqual([]);
    expect(holders().map((names) => names?.toSorted())).toEqual(before.map((names) => names?.toSorted()));
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'approved', 'applying', 'changed', 'changed', 'applied', 'undo-asked', 'taken-back', 'taken-back', 'reverted']);
  });

  test('S33: another way by which they still may the same is said first, and nothing counts as done', async () => {
    bot.slack.control.workspace.deactivate('leaver1');
    const { id, message } = await askedAbout('leaver1');
    await confirm('bo', id);
    // It comes while the changes are being made, which is after all has been looked at.
    const slow = bot.kube.faults.add({ verb: 'patch', path: '**/view' }, { kind: 'slow', ms: 400 });
    await confirm('cy', id);
    await until(async () => (await office.request(id)).results[0]?.state === 'done');
    bot.kube.objects.put(binding('late', 'ClusterRole/key-reader', ['User/oidc:leaver1@corp.example']));

    const left = await as('ann').seesChange(message, /not achieved/);
    slow.remove();

    expect(left.words).toMatch(/^Departed user still has access\n\*But: may still get secrets in the whole cluster, by ClusterRoleBinding "late": whoever may change that binding can end it\.\*\n[^]*\n\*Approved, but not achieved:\* 2 of 2 done/);
    expect(left.text).toMatch(/^Carried out, but something is left: Remove the access of leaver1/);
    expect((await office.request(id)).state).toBe('failed');
    expect(left.elements).toEqual(['Retry', 'Restore']);
    bot.kube.objects.delete({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'late' });
    await (await as('bo').press(left, 'Retry')).answer(/tried again/);
    await as('ann').seesChange(message, /verified/);
  });

  test('S33: an approver ticks what is to go; that is a new plan, and both approve it', async () => {
    bot.slack.control.workspace.deactivate('leaver4');
    const { id, message } = await askedAbout('leaver4');
    await confirm('bo', id);
    await as('cy').press(await as('cy').sees(CHANNEL, ({ words }) => words.includes(`\`${id}\``)), 'Review and remove…');
    const form = await as('cy').seesModal(/Do only what is ticked/);
    expect(form.words).toContain('key-reader in the whole cluster: may read Secrets');
    expect(await as('cy').submit({ 'Do only what is ticked': [], Reason: REASON })).toMatchObject({ ok: false });
    await as('cy').submit({ 'Do only what is ticked': ['view in shop (RoleBinding shop/view)'], Reason: REASON });
    await as('cy').seesModal(/Your approval counts: 1 of 2/);
    await as('cy').close({ all: true });

    const less = await as('ann').seesChange(message, /\*Made less\* by @cy: 1 of 2 changes are left\. The approval of all of it does not count for that/);
    expect(less.words).toMatch(/Would be removed \(1\)\n• view in shop/);
    expect(less.words).toMatch(/Key-reader in the whole cluster.* stays in prod: it was not chosen/);
    await confirm('bo', id);
    await office.becomes(id, 'applied');

    expect(holders().map((names) => names?.includes('oidc:leaver4@corp.example'))).toEqual([true, false]);
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'narrowed', 'approved', 'approved', 'applying', 'changed', 'applied']);
  });

  test('a right that everybody has by a group stays, and the card says so before anybody decides', async () => {
    bot.kube.objects.put(binding('everybody', 'ClusterRole/key-reader', ['Group/system:authenticated']));
    bot.slack.control.workspace.deactivate('leaver2');

    const { id, message } = await askedAbout('leaver2');

    expect(message.words).toMatch(/Stays, or cannot be changed from here[^]*• Everybody who has signed in may (get|list) secrets in prod, by ClusterRoleBinding everybody\./);
    await confirm('bo', id, 'deny');
    bot.kube.objects.delete({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'everybody' });
  });

  test('S33: the rights of an administrator go only by their user name, in the form and typed', async () => {
    const admin = 'oidc:leaver6@corp.example';
    bot.kube.objects.put(binding('ops', 'ClusterRole/cluster-admin', [`User/${admin}`]));
    bot.slack.control.workspace.deactivate('leaver6');
    const { id, message } = await askedAbout('leaver6');
    expect(message.words).toContain('Needs 3 people.');

    await as('bo').press(message, 'Review and remove…');
    const form = await as('bo').seesModal(/To confirm it, type the user name/);
    expect(form.words).toContain(admin);
    expect(await as('bo').submit({ 'User name': 'oidc:leaver5@corp.example', Reason: REASON })).toMatchObject({ ok: false });
    expect(as('bo').modal()?.errors).toEqual({ user: 'This is something else. It has to stand here exactly as it is shown above.' });
    expect((await office.request(id)).approvals).toEqual([]);
    await as('bo').submit({ 'User name': admin });
    await as('bo').seesModal(/Your approval counts: 1 of 3/);
    await as('bo').close({ all: true });

    const unnamed = await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'cy' });
    expect(unnamed.words).toContain('It takes a reason of at least 10 characters and the user name: `/k8ssec approve');
    expect(unnamed.elements).toEqual([]);
    expect((await ask(bot, `approve ${id} --reason "${REASON}" --user leaver6`, { as: 'cy' })).words).toContain(`"leaver6" is not the user name whose rights are taken away. That is ${admin}.`);
    const { planHash } = await office.request(id);
    expect((await ask(bot, `approve ${id} --reason "${REASON}" --plan ${planHash}`, { as: 'cy' })).words).toContain(`nothing was decided without their user name, typed exactly: ${admin}.`);
    for (const handle of ['cy', 'eli']) {
      await as(handle).press(await ask(bot, `approve ${id} --reason "${REASON}" --user ${admin}`, { as: handle }), 'Confirm: approve');
      await as(handle).seesModal(/Your approval counts|It is being carried out/);
      await as(handle).close({ all: true });
    }

    await office.becomes(id, 'applied');
    expect(office.subjects('ops')).toEqual([]);
  });

  test('the last administrator of a cluster stays administrator; the rest can go', async () => {
    bot.slack.control.workspace.deactivate('dana');

    const { id, message } = await askedAbout('dana');
    expect(message.words).toMatch(/Would be removed \(1\)\n• view in shop/);
    expect(message.words).toMatch(/Cluster-admin in the whole cluster.*nobody else who is still here is known as cluster administrator, so make somebody one first/);
    for (const handle of ['bo', 'cy']) await confirm(handle, id);
    await office.becomes(id, 'applied');

    expect(office.subjects('admins')).toEqual(['oidc:dana@corp.example']);
    expect(office.subjects('view-dana', 'shop')).toEqual([]);
    bot.slack.control.workspace.reactivate('dana');
  });

  test('who is back without any news of it is asked for by name right before the removal, and keeps their access', async () => {
    bot.slack.control.workspace.deactivate('leaver5');
    const { id, message } = await askedAbout('leaver5');
    await confirm('bo', id);
    // The list cannot be read any more, so that only the look at the one person can tell.
    bot.slack.control.faults.set('users.list', { kind: 'answer', status: 200, body: '{"ok":false,"error":"missing_scope"}' });
    bot.slack.control.workspace.reactivate('leaver5');
    await confirm('cy', id);

    await as('ann').seesChange(message, /\*Void:\* Lee leaver5 is not departed any more: slack says now deleted: false\./);
    bot.slack.control.faults.clear();
    expect(holders().every((names) => names?.includes('oidc:leaver5@corp.example'))).toBe(true);
  });

  test('who was asked about for nothing, because they are back, keeps their access', async () => {
    bot.slack.control.workspace.deactivate('leaver3');
    const { id, message } = await askedAbout('leaver3');
    await confirm('bo', id);

    bot.slack.control.workspace.reactivate('leaver3');
    await until(async () => (await createPeopleStore(office.outside.redis).get('slack'))?.people.find(({ name }) => name === 'Lee leaver3')?.state === 'active');
    await confirm('cy', id);

    await as('ann').seesChange(message, /\*Void:\*.*not departed/);
    expect(holders().every((names) => names?.includes('oidc:leaver3@corp.example'))).toBe(true);
  });
});

describe('flow: somebody who is still here', () => {
  test('S32: neither whom it is about nor whoever asked decides', async () => {
    const id = await asked(bot, 'remove-user bo@corp.example');

    expect((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' })).words).toContain('This is about you, so somebody else must decide.');
    expect((await ask(bot, `deny ${id} --reason "${REASON}"`, { as: 'bo' })).words).toContain('This is about you, so somebody else must decide.');
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`)).words).toContain('You asked for this, so somebody else must decide.');
    expect((await office.request(id)).state).toBe('pending');
    expect((await office.logOf(id)).filter(({ kind }) => kind === 'refused')).toHaveLength(3);
    await ask(bot, `cancel ${id}`);
  });
});

describe('flow: a compromised key', () => {
  const secret = () => textMapAt(bot.kube.objects.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'deployer-token' }) ?? {}, 'metadata', 'labels').get('kubernetes.io/legacy-token-invalid-since');

  test('S37: is frozen by one approver in production, and that can be undone', async () => {
    const id = await asked(bot, 'revoke serviceaccount default/deployer --why "token in a public log"');
    const message = await messageOf(bot, id);
    expect(message.words).toMatch(/token in a public log/);
    expect(message.words).toContain('A pod runs as the account and will be refused by the API server: default/ci');
    expect((await ask(bot, `approve ${id} --reason "${REASON}"`)).words).toContain('You asked for this, so somebody else must decide.');

    await confirm('bo', id);
    const frozen = await as('ann').seesChange(message, /Done: \d of \d/);

    expect(office.subjects('deploys', 'shop')).toEqual(['oidc:bo@corp.example']);
    expect(secret()).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(frozen.words).toContain('verified');
    expect(frozen.elements).toEqual(['Restore']);

    await (await as('cy').press(frozen, 'Restore')).answer(/It is being taken back/);
    await as('ann').seesChange(message, /\*Restored\* by @cy/);
    expect(office.subjects('deploys', 'shop')?.toSorted()).toEqual(['deployer', 'oidc:bo@corp.example']);
    expect(secret()).toBeUndefined();
    expect((await office.request(id)).revert?.by.person).toBe(seededId('user', 'cy'));
  });

  test('S37: what can be taken back says so for at least 24 hours, typed too', async () => {
    const id = await asked(bot, 'revoke serviceaccount default/deployer --why "token in a public log"');
    await confirm('bo', id);
    await office.becomes(id, 'applied');

    await office.pass(25 * 3600_000);
    const list = await ask(bot, 'approvals', { as: 'bo' });

    expect(list.words).toContain(id);
    expect(list.elements).toContain('Restore');
    await ask(bot, `undo ${id} --reason "it was a false alarm"`, { as: 'bo' });
    await office.becomes(id, 'reverted');
    expect(office.subjects('deploys', 'shop')).toContain('deployer');
  });
});
