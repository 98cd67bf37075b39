import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { ScanRecord } from '#src/model/scan-record.ts';
import type { ScanRun } from '#src/model/scan-runs.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { compare } from '#src/scan/compare.ts';
import { summarize } from '#src/scan/summarize.ts';
import { keys } from '#src/store/keys.ts';
import { job as scanJob } from '#jobs/scan.ts';
import { job as scanClusterJob } from '#jobs/scan-cluster.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { ask, begun, now, scanned, told } from '#test/build/conversation.ts';
import { aFinding, aResult } from '#test/build/finding.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';
import { outsideOf, type Outside } from '#test/build/outside.ts';
import { startProcess, type BotProcess } from '#test/build/process.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';
import { aScan } from '#test/build/scan-record.ts';

jest.setTimeout(60_000);

const WORKER = { K8SSEC_ROLE: 'worker', K8SSEC_CONCURRENCY: '1' };
const LISTING = { verb: 'list', resource: 'pods' } as const;

let bot: Bot;
let outside: Outside;
const ends: (() => void | Promise<void>)[] = [];

async function start(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ objects: [aPod({ name: 'web', privileged: true })], ...options });
  outside = outsideOf(bot);
}

async function worker(): Promise<BotProcess> {
  const process = await startProcess(bot, WORKER);
  ends.push(async () => {
    process.kill('SIGKILL');
    await process.ended;
  });
  return process;
}

afterEach(async () => {
  bot.kube.faults.clear();
  for (const end of ends.splice(0).toReversed()) await end();
  await outside.close();
  await bot.stop();
});

const ann = () => bot.slack.as('ann');

/** It lists pods, and that its message stands is known too: whoever dies over a post leaves it to be posted once more. */
async function isUnderWay(): Promise<boolean> {
  const isListing = bot.kube.requests.all(({ resource, verb, status }) => resource === 'pods' && verb === 'list' && status === undefined).length > 0;
  const id = await outside.scans.activeId('demo');
  return isListing && id !== undefined && (await outside.rows.get(`scan/${id}`))?.place !== undefined;
}

describe('flow: a scan during which something dies', () => {
  withRealRedis((redis) => {
    test('S26: Redis, killed and started again: the scan goes on to a true end, and nothing is lost', async () => {
      await start({ redis });
      ends.push(hurry(bot));
      bot.kube.faults.add({ verb: 'list' }, { kind: 'slow', ms: 60 });
      const message = await begun(bot);
      await ann().seesChange(message, /Scanning/);

      await bot.redis.kill();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await bot.redis.restart();

      await ann().sees(message, told);
      expect(now(ann(), message).text).toMatch(/^Scan of demo incomplete: 1 critical/);
      expect(ann().messages(CHANNEL).filter(({ isEphemeral }) => !isEphemeral)).toHaveLength(1);
      expect((await ask(bot, 'findings')).words).toContain('runs privileged');
    });
  });

  test('S26: a worker, killed: another one takes the scan over, and the message says so', async () => {
    await start({ env: { K8SSEC_ROLE: 'bot' } });
    const hanging = bot.kube.faults.add(LISTING, { kind: 'hang' });
    const first = await worker();
    const message = await begun(bot);
    await until(isUnderWay);

    first.kill('SIGKILL');
    await first.ended;
    await outside.forgetHolds();
    await bot.replica(WORKER);
    ends.push(hurry(bot));

    const again = await ann().seesChange(message, /interrupted .+ \(the worker stopped\), started again/);
    expect(again.text).toMatch(/^Scanning demo.*It was interrupted and started again\.$/);
    await until(() => hanging.hits() === 2);
    bot.kube.faults.clear();
    await (await ann().press(again, 'Cancel scan')).answer(/canceled/);
    await ann().sees(message, told);
  });

  test('a worker that was frozen and goes on when another one has finished can change nothing', async () => {
    // What Redis hands to a frozen worker as it wakes somebody is seen by the others some seconds later.
    await start({ env: { K8SSEC_ROLE: 'bot' }, slack: { patienceMs: 45_000 } });
    bot.kube.faults.add(LISTING, { kind: 'slow', ms: 3000 }, 1);
    const first = await worker();
    const message = await begun(bot);
    await until(isUnderWay);
    first.kill('SIGSTOP');
    ends.push(() => first.kill('SIGCONT'));
    await outside.forgetHolds();
    await bot.replica(WORKER);
    ends.push(hurry(bot));
    bot.kube.objects.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' });
    await ann().sees(message, told);
    const result = now(ann(), message);
    const known = await outside.scans.state('demo');

    first.kill('SIGCONT');
    await until(() => bot.kube.requests.all(({ resource, status }) => resource === 'pods' && status === undefined).length === 0);
    await new Promise((resolve) => setTimeout(resolve, 1500));

    expect(result.words).not.toContain('runs privileged');
    expect(now(ann(), message)).toEqual(result);
    expect(await outside.scans.state('demo')).toEqual(known);
    expect(ann().messages(message).filter(told)).toHaveLength(1);
  });

  test('a worker that is told to stop hands its scan back, and nobody counts that as a failure', async () => {
    await start({ env: { K8SSEC_ROLE: 'bot' } });
    bot.kube.faults.add(LISTING, { kind: 'hang' }, 1);
    bot.kube.faults.add(LISTING, { kind: 'slow', ms: 1200 }, 1);
    const first = await worker();
    const message = await begun(bot);
    await until(isUnderWay);

    first.kill('SIGTERM');
    expect((await first.ended).status).toBe(0);
    await bot.replica(WORKER);
    ends.push(hurry(bot));

    await ann().seesChange(message, /interrupted .+ \(the bot was stopped\), started again/);
    await ann().sees(message, told);
    expect(now(ann(), message).text).toMatch(/^Scan of demo incomplete: 1 critical/);
  });

  test('one that takes longer than a scan may ends, and is not begun again', async () => {
    await start({ settings: { scanTimeoutMs: 700 } });
    ends.push(hurry(bot));
    const hanging = bot.kube.faults.add(LISTING, { kind: 'hang' });

    const message = await scanned(bot);

    expect(message.text).toBe('Scan of demo failed: it took longer than a scan may.');
    expect(hanging.hits()).toBe(1);
    expect(await outside.scans.activeId('demo')).toBeUndefined();
  });
});

describe('flow: a scan whose process died', () => {
  const SCAN: ScanRecord = aScan({ id: 'ab12cd34ef', cluster: 'demo', channel: seededId('channel', CHANNEL), asker: { person: seededId('user', 'ann'), name: 'ann' }, queuedAt: new Date(Date.now() - 60_000).toISOString() });
  const CHILD = { job: scanClusterJob, payload: { scan: SCAN.id }, id: `scan-cluster-${SCAN.id}` };
  const PARENT = { job: scanJob, payload: { scans: [SCAN.id] }, id: `scan-${SCAN.id}` };

  const claimed = () => outside.scans.claim(SCAN, [{ person: seededId('user', 'ann'), channel: seededId('channel', CHANNEL) }]);
  const queued = () => outside.queues.addFlow(PARENT, [CHILD]);
  const began = async (): Promise<ScanRun> => {
    const run = await outside.scans.begin(SCAN.id);
    if (run === undefined) throw new Error('it could not be begun');
    return run;
  };
  const ended = async () => {
    const result = aResult([aFinding({ severity: 'critical' })]);
    const at = new Date(Date.now() - 50_000);
    const { state, outcome, comparedWith } = compare(undefined, result, { ...SCAN, version: 'v1.37', startedAt: at, now: at, knownChecks: new Set(['workload/privileged']) });
    await (await began()).end({ state: 'done', endedAt: at.toISOString(), summary: summarize(outcome, result, { checks: [], version: 'v1.37', comparedWith }) }, state);
  };

  const UNTIL: readonly (readonly [where: string, prepare: () => Promise<unknown>, runs: number])[] = [
    ['it was claimed', async () => claimed(), 1],
    ['it was queued', async () => (await claimed(), queued()), 1],
    ['it was begun', async () => (await claimed(), await queued(), began()), 2],
    ['it was running', async () => (await claimed(), await queued(), (await began()).report({ state: 'running', startedAt: SCAN.queuedAt })), 2],
    ['it had ended and nobody was told', async () => (await claimed(), await queued(), ended()), 1],
  ];

  test.each(UNTIL)('once %s is brought to its end by the next one, and whoever asked is told', async (_, prepare, runs) => {
    await start({ start: false });
    await prepare();

    await bot.replica();
    ends.push(hurry(bot));

    const message = await ann().sees(CHANNEL, /k8ssec · scan/);
    await ann().sees(message, told);
    expect(message.text).toMatch(/^Scan of demo (incomplete|finished): 1 critical/);
    expect((await outside.scans.get(SCAN.id))?.runs).toBe(runs);
    expect(await outside.redis.exists(keys.activeScan('demo'))).toBe(0);
    expect(ann().messages(message).filter(told)).toHaveLength(1);
  });

  test('a moment ago is left to whoever is about to queue it', async () => {
    await start({ start: false });
    await outside.scans.claim({ ...SCAN, queuedAt: new Date().toISOString() }, []);

    await bot.replica();

    expect(await outside.queues.isPending(CHILD.id)).toBe(false);
    expect(await outside.scans.activeId('demo')).toBe(SCAN.id);
  });

  test('once it was canceled says so, whoever died over saying it', async () => {
    await start({ start: false });
    await claimed();
    await queued();
    await outside.scans.cancel(SCAN, seededId('user', 'dana'), new Date());

    await bot.replica();
    ends.push(hurry(bot));

    const message = await ann().sees(CHANNEL, /canceled/);
    expect(message.words).toContain('canceled* by @dana before it began');
    expect((await ann().sees(message, told)).words).toContain('was canceled');
  });
});
