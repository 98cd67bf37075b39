import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Fault } from '#src/sandbox/kube/control/faults.ts';
import { startKubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { ask, logged, scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aNamespace, aPod } from '#test/build/objects.ts';

jest.setTimeout(30_000);

const WEB = aPod({ name: 'web', privileged: true });

let bot: Bot;
let endHurry: () => Promise<void>;

/** Scans several clusters, each of which has its own trouble, and reads their results by name. */
async function scanAll(names: readonly string[]): Promise<Readonly<Record<string, SeenMessage>>> {
  const ann = bot.slack.as('ann');
  await ask(bot, 'scan --all');
  await ann.sees(CHANNEL, /the scans have ended/);
  // Their own messages are changed one after the other, and may come to their results later.
  const results = names.map(async (name) => [name, await ann.sees(CHANNEL, ({ text, words }) => text.startsWith(`Scan of ${name} `) && words.includes('k8ssec · scan'))] as const);
  return Object.fromEntries(await Promise.all(results));
}

function fileFor(names: readonly string[]): string {
  return `clusters: [${names.map((name) => `{ name: ${name} }`).join(', ')}]`;
}

describe('flow: an API server that does not list one kind', () => {
  const FAULTS: readonly (readonly [name: string, fault: Fault, reason: string])[] = [
    ['forbids', { kind: 'refuse', code: 403 }, 'no permission to list pods'],
    ['overloaded', { kind: 'refuse', code: 429, retryAfterSeconds: 0 }, 'the API server was too busy to list pods'],
    ['broken', { kind: 'refuse', code: 500 }, 'the API server failed to list pods (500)'],
    ['ill', { kind: 'refuse', code: 503 }, 'the API server failed to list pods (503)'],
    ['garbage', { kind: 'garbage' }, 'the answer of the API server for pods was no list'],
    ['no-list', { kind: 'answer', code: 200, body: '{"kind":"Pod"}' }, 'the answer of the API server for pods was no list'],
    ['half', { kind: 'truncate' }, 'the API server did not list pods: its answer ended early'],
    ['breaks', { kind: 'reset' }, 'the API server did not list pods: the connection broke'],
    ['teapot', { kind: 'answer', code: 418, body: 'I am a teapot' }, 'the API server refused to list pods (418)'],
    ['absent', { kind: 'answer', code: 404, body: 'not found' }, 'the API server does not serve pods'],
  ];
  const names = [...FAULTS.map(([name]) => name), 'recovers', 'pauses'];
  let results: Readonly<Record<string, SeenMessage>>;

  beforeAll(async () => {
    bot = await startBot({ objects: [WEB], file: fileFor(names), contexts: names, env: { K8SSEC_CONCURRENCY: '16' } });
    for (const [user, fault] of FAULTS) bot.kube.faults.add({ user, resource: 'pods', verb: 'list' }, fault);
    bot.kube.faults.add({ user: 'recovers', resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 500 }, 2);
    bot.kube.faults.add({ user: 'pauses', resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 429, retryAfterSeconds: 1 }, 1);
    endHurry = hurry(bot);
    results = await scanAll(names);
  });

  afterAll(async () => {
    await endHurry();
    await bot.stop();
  });

  test.each(FAULTS)('%s: the rest is scanned, and the result is incomplete and says why', (name, _, reason) => {
    const result = results[name];

    expect(result?.text).toMatch(new RegExp(`^Scan of ${name} incomplete: `));
    expect(result?.words).toContain(`• ${reason} (`);
    expect(result?.words).not.toMatch(/nothing open|no findings/i);
    expect(result?.words).not.toContain('runs privileged');
  });

  test.each(['recovers', 'pauses'])('%s: what comes on a further try is as good as at first', (name) => {
    expect(results[name]?.words).toContain('runs privileged');
    expect(results[name]?.words).not.toContain('list pods');
  });

  test('a server that asks for a pause gets it', () => {
    const [first, second] = bot.kube.requests.all(({ user, resource, verb }) => user === 'pauses' && resource === 'pods' && verb === 'list');

    expect((second?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});

describe('flow: an API server that cannot be used', () => {
  const FAULTS: readonly (readonly [name: string, fault: Fault, reason: string])[] = [
    ['refuses', { kind: 'refuse', code: 401 }, 'the API server refuses the credentials of the bot'],
    ['secretive', { kind: 'refuse', code: 403 }, 'the API server does not tell the bot its version; bind it to system:public-info-viewer'],
    ['broken', { kind: 'refuse', code: 500 }, 'the API server does not work (500)'],
    ['busy', { kind: 'refuse', code: 429, retryAfterSeconds: 1 }, 'the API server is too busy (429)'],
    ['website', { kind: 'answer', code: 200, body: '<html>Welcome</html>', contentType: 'text/html' }, 'what answers there is no Kubernetes API server'],
    ['ancient', { kind: 'answer', code: 200, body: '{"major":"1","minor":"9","gitVersion":"v1.9.0"}' }, 'Kubernetes 1.9 is too old'],
    ['breaks', { kind: 'reset' }, 'the API server did not answer: the connection broke'],
    ['half', { kind: 'truncate' }, 'the API server did not answer: its answer ended early'],
  ];
  const OTHERS = ['foreign-ca', 'gone', 'expired', 'lost-rights'];
  const names = [...FAULTS.map(([name]) => name), ...OTHERS];
  const folder = mkdtempSync(join(tmpdir(), 'k8ssec-test-'));
  let results: Readonly<Record<string, SeenMessage>>;

  beforeAll(async () => {
    const [server, other] = await Promise.all([startKubeSandbox(), startKubeSandbox()]);
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    write('foreign-ca', server.kubeconfig('admin').replace(base64(server.ca), base64(other.ca)));
    write('gone', other.kubeconfig('admin'));
    await other.stop();
    const own = (name: string) => `{ name: ${name}, kubeconfig: ${join(folder, name)}, context: demo }`;
    const file = `clusters: [${[...names.filter((name) => !['foreign-ca', 'gone'].includes(name)).map((name) => `{ name: ${name} }`), own('foreign-ca'), own('gone')].join(', ')}]`;
    bot = await startBot({ objects: [WEB], file, contexts: names, env: { K8SSEC_CONCURRENCY: '16' } });
    for (const [user, fault] of FAULTS) bot.kube.faults.add({ user, path: '/version' }, fault);
    bot.kube.faults.add({ user: 'expired', verb: 'list' }, { kind: 'refuse', code: 401 });
    bot.kube.faults.add({ user: 'lost-rights', verb: 'list' }, { kind: 'refuse', code: 403 });
    endHurry = hurry(bot);
    results = await scanAll(names);
    await server.stop();
  });

  afterAll(async () => {
    await endHurry();
    await bot.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ...FAULTS.map(([name, , reason]) => [name, reason] as const),
    ['foreign-ca', 'the certificate of the API server is not signed by the CA of the kubeconfig'],
    ['gone', 'the API server refuses connections'],
    ['expired', 'the API server refuses the credentials of the bot'],
    ['lost-rights', 'nothing in it could be read: no permission to list '],
  ])('%s: the scan fails with the reason and a reference that the log knows', (name, reason) => {
    const result = results[name];
    const [, reference] = /reference `(\w+)`/.exec(result?.words ?? '') ?? [];

    expect(result?.text).toContain(`Scan of ${name} failed: ${reason}`);
    expect(result?.words).toContain('Nothing was learned from this scan.');
    expect(result?.words).toContain('no scan of this cluster has succeeded yet');
    expect(result?.elements).toEqual(['Try again']);
    expect(result?.words).not.toMatch(/127\.0\.0\.1|ECONN|Error/);
    expect(logged(bot, 'error').find((line) => line.reference === reference)).toMatchObject({ cluster: name, msg: 'a scan failed' });
  });

  test('what may pass is tried again, what would end alike is not', () => {
    const tries = (name: string) => bot.kube.requests.all(({ user, path }) => user === name && path === '/version').length;

    expect(tries('broken')).toBe(3);
    expect(tries('breaks')).toBe(3);
  });

  test('nothing is known of any of them, and everything says so', async () => {
    expect((await ask(bot, 'findings')).words).toMatch(/^\*Nothing is known yet\*/);
    expect((await ask(bot, 'status')).words).not.toMatch(/nothing open|0 critical/);
  });
});

describe('flow: a scan after a failed one', () => {
  afterEach(async () => {
    await endHurry();
    await bot.stop();
  });

  test('keeps what was known, and its button scans again', async () => {
    bot = await startBot({ objects: [WEB] });
    endHurry = hurry(bot);
    await scanned(bot);
    const fault = bot.kube.faults.add({ path: '/version' }, { kind: 'refuse', code: 500 });

    const failed = await scanned(bot);
    fault.remove();
    await (await bot.slack.as('ann').press(failed, 'Try again')).answer(/queued/);

    expect(failed.words).toMatch(/last good scan \d{4}/);
    expect((await ask(bot, 'findings')).words).toContain('runs privileged');
    await bot.slack.as('ann').sees(CHANNEL, ({ words, ts }) => ts > failed.ts && words.includes('0 new · 0 fixed'));
  });

  test('while it waits to be tried again says why', async () => {
    bot = await startBot({ objects: [WEB] });
    endHurry = () => Promise.resolve();
    bot.slack.control.rates.enabled = false;
    const fault = bot.kube.faults.add({ path: '/version' }, { kind: 'refuse', code: 500 });
    const ann = bot.slack.as('ann');
    await (await ann.command('/k8ssec scan', CHANNEL)).answer();

    const waiting = await ann.sees(CHANNEL, /the API server does not work \(500\)/);

    expect(waiting.words).toMatch(/^\*Scan of `demo` queued\* · asked by @ann\ninterrupted .+ \(the API server does not work \(500\)\), starts again soon\n\[Cancel scan\]$/);
    fault.remove();
    await (await ann.press(waiting, 'Cancel scan')).answer(/canceled/);
  });
});

describe('flow: nothing open', () => {
  const CLEAN = { ...aNamespace('clean'), metadata: { name: 'clean', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } };

  afterEach(async () => {
    await endHurry();
    await bot.stop();
  });

  test('is said only when everything could be looked at', async () => {
    bot = await startBot({ objects: [CLEAN], file: 'checks: { allowedRegistries: [registry.example] }' });
    endHurry = hurry(bot);

    const clean = await scanned(bot, 'scan -n clean --area workload');
    bot.kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'refuse', code: 403 });
    const blind = await scanned(bot, 'scan -n clean --area workload');

    expect(clean.text).toMatch(/^Scan of demo \(.*\) finished: nothing open\b/);
    expect(clean.words).toMatch(/^demo: nothing open/);
    expect(clean.words).not.toMatch(/not evaluated|incomplete/i);
    expect(blind.text).toMatch(/^Scan of demo \(.*\) incomplete: /);
    expect(blind.text + blind.words).not.toMatch(/nothing open(?! in)/i);
    expect(blind.words).toContain('no permission to list pods');
  });
});
