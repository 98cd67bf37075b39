import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import type { ClusterState } from '#src/model/scan-record.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { keys } from '#src/store/keys.ts';
import { startBot, type Bot } from '#test/build/bot.ts';
import { ask, scanned, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aNamespace, aPod, aTokenSecret } from '#test/build/objects.ts';

jest.setTimeout(30_000);

/** So many findings has a privileged pod, which a harmless one has not. */
const PRIVILEGED = /Pod (?:default|shop)\/(\w+).*runs privileged/;

let bot: Bot;
let endHurry: () => Promise<void>;

beforeAll(async () => {
  bot = await startBot({ objects: [aNamespace('shop')] });
  endHurry = hurry(bot);
});

/** As if it had never been scanned. */
beforeEach(async () => {
  for (const kind of ['Pod', 'Secret', 'Deployment']) removeAll(kind);
  put(aPod({ name: 'web', privileged: true }));
  put(aPod({ name: 'cart', namespace: 'shop', privileged: true }));
  bot.kube.requests.clear();
  await withRedis(bot.redis.url, (redis) => redis.del(keys.clusterState('demo')));
});

afterEach(() => bot.kube.faults.clear());

afterAll(async () => {
  await endHurry();
  await bot.stop();
});

const put = (object: RawObject) => bot.kube.objects.put(object);
const removeAll = (kind: string) => {
  const apiVersion = kind === 'Deployment' ? 'apps/v1' : 'v1';
  for (const { metadata } of bot.kube.objects.list(apiVersion, kind)) {
    if (metadata.namespace === 'default' || metadata.namespace === 'shop') bot.kube.objects.delete({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name ?? '' });
  }
};
const remove = (name: string, namespace = 'default') => bot.kube.objects.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name });
const thread = (message: SeenMessage) => bot.slack.as('ann').messages(message);
const lineWith = (message: SeenMessage, what: RegExp) => thread(message).flatMap(({ words }) => words.split('\n')).find((line) => what.test(line));

async function state(): Promise<ClusterState> {
  const stored = await withRedis(bot.redis.url, (redis) => redis.get(keys.clusterState('demo')));
  return JSON.parse(stored ?? 'null') as ClusterState;
}

/** `3 new · 4 fixed · 12 unchanged` as numbers. */
function changes({ words }: SeenMessage): Readonly<Record<string, number>> {
  const [line = ''] = /^\*Since .*$/m.exec(words) ?? [];
  return Object.fromEntries([...line.matchAll(/([\d,]+) (new|worse|fixed|unchanged|not visible)/g)].map(([, count = '', what = '']) => [what, Number(count.replace(',', ''))]));
}

/** What the header says in all. */
function openIn({ words }: SeenMessage): number {
  const [header = ''] = words.split('\n');
  return [...header.matchAll(/([\d,]+) (?:critical|high|medium|low|info)/g)].reduce((sum, [, count]) => sum + Number(count?.replace(',', '')), 0);
}

describe('flow: what a scan finds compared with the one before', () => {
  test('the first one is the starting point: nothing counts as new', async () => {
    const first = await scanned(bot);

    expect(first.words).toContain('*First scan:* what is open now is the starting point.');
    expect(first.words).not.toContain('NEW');
    expect(first.text).not.toMatch(/\d new/);
    expect(thread(first).some(({ words }) => words.includes('NEW'))).toBe(false);
  });

  test('S20: new, fixed and unchanged ones are told apart, and the numbers add up', async () => {
    const first = await scanned(bot);
    put(aPod({ name: 'api', privileged: true }));
    remove('web');

    const second = await scanned(bot);

    const { new: fresh = 0, fixed = 0, unchanged = 0 } = changes(second);
    expect(fresh).toBeGreaterThan(3);
    expect(fixed).toBe(fresh);
    expect(fresh + unchanged).toBe(openIn(second));
    expect(openIn(first)).toBe(openIn(second));
    expect(second.text).toContain(`(${fresh} new, ${fixed} fixed)`);
    expect(second.words).toMatch(/\*CRITICAL\* · Pod `default\/api` \*NEW\*/);
    expect(lineWith(second, /Pod default\/api.*runs privileged/)).toContain('NEW');
    expect(lineWith(second, /Pod shop\/cart.*runs privileged/)).not.toContain('NEW');
    expect(lineWith(second, /default\/web/)).toBeUndefined();
  });

  test('S39: what is unchanged is not said again', async () => {
    await scanned(bot);

    const second = await scanned(bot);

    expect(changes(second)).toEqual({ new: 0, fixed: 0, unchanged: openIn(second) });
    expect(thread(second).some(({ words }) => words.includes('NEW'))).toBe(false);
  });

  test('what was fixed and is there again is new', async () => {
    await scanned(bot);
    remove('web');
    await scanned(bot);
    put(aPod({ name: 'web', privileged: true }));

    const third = await scanned(bot);

    expect(changes(third).new).toBeGreaterThan(3);
    expect(third.words).toMatch(/Pod `default\/web` \*NEW\*/);
  });

  test('what became worse says so, and from what', async () => {
    put(aTokenSecret({ name: 'old-token', invalidSince: '2026-01-01' }));
    await scanned(bot);
    put(aTokenSecret({ name: 'old-token' }));

    const second = await scanned(bot);

    expect(changes(second)).toMatchObject({ new: 0, worse: 1, fixed: 0 });
    const { findings } = await state();
    const worse = findings.find(({ worseSince }) => worseSince !== undefined);
    expect((await ask(bot, `explain ${worse?.fingerprint ?? ''}`)).words).toMatch(/^HIGH \(was medium\): [^]*\*worse since\*/);
  });

  test('S43: a kind that cannot be listed any more makes its findings not visible, never fixed, and everything says that something is missing', async () => {
    const first = await scanned(bot);
    const fault = bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 403 });

    const blind = await scanned(bot);

    const { hidden, fixed } = { hidden: changes(blind)['not visible'] ?? 0, fixed: changes(blind).fixed };
    expect(hidden).toBeGreaterThan(6);
    expect(fixed).toBe(0);
    expect(openIn(blind) + hidden).toBe(openIn(first));
    expect(blind.text).toMatch(/^Scan of demo incomplete: .* checks not evaluated\.$/);
    expect(blind.words).toMatch(/\*Not evaluated \(\d+ checks\):\* the result is incomplete\.\n• no permission to list pods \(\d+ checks\)/);
    expect(lineWith(blind, /^@ann/)).toContain('is done but incomplete');
    expect(lineWith(blind, /no permission to list pods/)).toBeDefined();
    expect((await ask(bot, 'status')).words).toMatch(new RegExp(`${hidden} not visible · \\*\\d+ checks of \\d+ not evaluated\\*`));
    expect((await ask(bot, 'findings demo --state not-visible')).words).toContain('NOT VISIBLE');
    expect((await ask(bot, 'findings demo')).words).toContain('not evaluated, so more may be wrong');
    expect((await ask(bot, 'findings demo --check workload/privileged')).words).toMatch(/^\*No findings\*/);
    expect((await ask(bot, 'findings --state fixed')).words).toMatch(/^\*No findings\*/);
    const gone = (await state()).findings.find((finding) => finding.check === 'workload/privileged');
    expect((await ask(bot, `explain ${gone?.fingerprint ?? ''}`)).words).toMatch(/^Not visible \(was critical\): [^]*no permission to list pods\. Not counted as fixed\./);

    fault.remove();
    const again = await scanned(bot);
    expect(changes(again)).toEqual({ new: 0, fixed: 0, unchanged: openIn(first) });
    expect(again.words).not.toContain('no permission');
  });

  test('a kind of owners that cannot be listed makes nothing new of what they own', async () => {
    put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'owner', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'shop' } }, template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'main', image: 'shop:1', securityContext: { privileged: true } }] } } } });
    await scanned(bot);
    const fault = bot.kube.faults.add({ resource: 'deployments', verb: 'list' }, { kind: 'refuse', code: 403 });

    const blind = await scanned(bot);
    fault.remove();
    const again = await scanned(bot);

    expect(changes(blind)).toMatchObject({ new: 0, fixed: 0 });
    expect(changes(again)).toMatchObject({ new: 0, fixed: 0 });
  });
});

describe('flow: a scan of a part of the cluster', () => {
  test('a namespace: what lies outside stays as it was', async () => {
    await scanned(bot);
    remove('web');
    remove('cart', 'shop');

    const part = await scanned(bot, 'scan demo --namespace shop');

    expect(part.words).toMatch(/^demo: .*\(namespace shop\)|^demo: nothing open/);
    const privileged = (await state()).findings.filter(({ check }) => check === 'workload/privileged').map((finding) => [finding.object.name, finding.state]);
    expect(Object.fromEntries(privileged)).toEqual({ web: 'open', cart: 'fixed' });
    expect(thread(part).flatMap(({ words }) => words.split('\n')).filter((line) => PRIVILEGED.test(line))).toEqual([]);
    expect((await ask(bot, 'findings demo -n default --check workload/privileged')).words).toContain('default/web');
  });

  test('areas: findings of other areas stay as they were', async () => {
    await scanned(bot);
    remove('web');

    const part = await scanned(bot, 'scan --area access');

    expect(part.words).toMatch(/^demo: .*\(.*access.*\)/);
    expect((await state()).findings.filter(({ check, state: now }) => check.startsWith('workload/') && now !== 'open')).toEqual([]);
    expect((await state()).findings.filter(({ state: now }) => now === 'fixed').map(({ check }) => check)).toEqual(['access/token-automount']);
  });

  test('an area with a gap does not forget the gaps of others, and does not claim them', async () => {
    const fault = bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 403 });
    await scanned(bot);
    fault.remove();

    const part = await scanned(bot, 'scan --area access');

    expect(part.words).not.toContain('no permission to list pods');
    expect(lineWith(part, /no permission to list pods/)).toBeUndefined();
    expect((await ask(bot, 'status')).words).toMatch(/\d+ checks of \d+ not evaluated/);
  });

  test('one alone is never taken for the whole', async () => {
    await scanned(bot, 'scan -n shop');

    expect((await ask(bot, 'status')).words).toContain('scanned only in part');
    expect((await ask(bot, 'findings')).words).toContain('scanned only in part');
    bot.slack.as('ann').openHome();
    expect((await bot.slack.as('ann').seesHome(/demo/)).words).toContain('scanned only in part');
  });

  test('a misspelt namespace is no namespace without findings', async () => {
    const result = await scanned(bot, 'scan -n shpo');

    expect(result.words).toContain('failed:* there is no namespace "shpo"; did you mean "shop"?');
    expect((await ask(bot, 'findings')).words).toContain('has not been scanned yet');
    expect(bot.kube.requests.all(({ path }) => path === '/version')).toHaveLength(1);
  });

  test('a namespace that may not be looked up is scanned all the same', async () => {
    bot.kube.faults.add({ resource: 'namespaces', verb: 'list' }, { kind: 'refuse', code: 403 });

    const result = await scanned(bot, 'scan -n shop');

    expect(result.text).toMatch(/^Scan of demo \(namespace shop\) incomplete: 1 critical/);
  });

  test('whoever joins one that is narrower than what they asked for is told so', async () => {
    bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'hang' }, 1);
    const ann = bot.slack.as('ann');
    await (await ann.command('/k8ssec scan -n shop', 'sec-prod')).answer();
    const message = await ann.sees('sec-prod', /^\*Scanning/);

    const answer = await ask(bot, 'scan', { as: 'dana' });

    expect(answer.words).toMatch(/A scan of \*`demo`\* \(namespace shop\) is already running/);
    expect(answer.words).toContain('*It looks at less than you asked for*: ask again when it has ended.');
    await (await ann.press(message, 'Cancel scan')).answer();
  });
});
