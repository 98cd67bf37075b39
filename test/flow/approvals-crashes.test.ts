import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RequestState } from '#src/model/request.ts';
import type { Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { aNamespace } from '#test/build/objects.ts';
import { asked, meetPeople, messageOf, OFFICE, openOffice, REASON, type Office } from '#test/build/office.ts';
import { startProcess, type BotProcess } from '#test/build/process.ts';
import { until } from '#test/build/queue.ts';
import { binding, role } from '#test/build/rbac.ts';
import { withRealRedis } from '#test/build/redis.ts';

jest.setTimeout(60_000);

const HAL = 'oidc:hal@corp.example';
const WORKER = { K8SSEC_ROLE: 'worker', K8SSEC_CONCURRENCY: '1' };
const BINDINGS = ['first', 'second'] as const;
const OBJECTS = [aNamespace('shop'), role('key-reader', ['get,list secrets']), ...BINDINGS.map((name) => binding(name, 'ClusterRole/key-reader', [`User/${HAL}`, 'User/oidc:bo@corp.example'], 'shop'))];
const ONE = OFFICE.replace(/^ {2}- \{ name: dev.*\n/m, '').replace('production: true, ', '');
const END: readonly RequestState[] = ['applied', 'failed', 'reverted', 'revert-failed'];

let office: Office;
let bot: Bot;

const as = (handle: string) => bot.slack.as(handle);
const holders = () => BINDINGS.map((name) => office.subjects(name, 'shop')?.includes(HAL) ?? false);
/** Real changes that were answered with success. */
const writes = (name: string) => bot.kube.requests.all((request) => request.verb === 'patch' && request.name === name && !request.query.includes('dryRun') && request.status === 200).length;
const underWay = (matches: Parameters<Bot['kube']['requests']['all']>[0] & {}) => bot.kube.requests.all((request) => request.status === undefined && matches(request)).length > 0;
const isReal = (name: string) => underWay((request) => request.verb === 'patch' && request.name === name && !request.query.includes('dryRun'));

/** Where a process is when it is killed: what holds it there, and how it is seen to be there. */
interface Boundary {
  readonly where: string;
  readonly hold: () => void;
  readonly isThere: (id: string) => Promise<boolean> | boolean;
  readonly act: 'approve' | 'undo';
}

const patching = (name: string) => ({ verb: 'patch', path: `**/${name}` });
const BOUNDARIES: readonly Boundary[] = [
  {
    where: 'approved, while it looks at the cluster',
    act: 'approve',
    hold: () => void bot.kube.faults.add({ verb: 'list' }, { kind: 'hang' }),
    isThere: async (id) => (await office.request(id)).state === 'approved' && underWay(({ verb }) => verb === 'list'),
  },
  {
    where: 'applying, before the first real change',
    act: 'approve',
    hold() {
      bot.kube.faults.add(patching('first'), { kind: 'slow', ms: 0 }, 1);
      bot.kube.faults.add(patching('first'), { kind: 'hang' });
    },
    isThere: () => isReal('first'),
  },
  {
    where: 'applying, after the change was made and before it heard of it',
    act: 'approve',
    hold() {
      bot.kube.faults.add(patching('first'), { kind: 'slow', ms: 0 }, 1);
      bot.kube.faults.add(patching('first'), { kind: 'slow', ms: 1500 }, 1);
    },
    isThere: () => isReal('first'),
  },
  {
    where: 'applying, between two changes',
    act: 'approve',
    hold: () => void bot.kube.faults.add(patching('second'), { kind: 'hang' }),
    isThere: async (id) => (await office.request(id)).results[0]?.state === 'done' && underWay(({ verb, name }) => verb === 'patch' && name === 'second'),
  },
  {
    where: 'reverting, between two changes',
    act: 'undo',
    hold: () => void bot.kube.faults.add(patching('first'), { kind: 'hang' }),
    isThere: async (id) => (await office.request(id)).results[1]?.state === 'taken-back' && underWay(({ verb, name }) => verb === 'patch' && name === 'first'),
  },
];

/** No message about it is being sent: whoever dies over that leaves it for a while, which is told elsewhere. */
async function isQuiet(id: string): Promise<boolean> {
  const rows = await Promise.all([`request/${id}`, `request/${id}/requester`].map((name) => office.outside.rows.get(name)));
  return rows.every((row) => row?.state !== 'sending');
}

async function startWorker(): Promise<BotProcess> {
  const worker = await startProcess(bot, WORKER);
  if (!worker.stdout().includes('k8ssec runs')) throw new Error(`no worker runs: ${worker.stderr()}${worker.stdout()}`);
  return worker;
}

async function kill(process: BotProcess): Promise<void> {
  process.kill('SIGKILL');
  await process.ended;
  await office.outside.forgetHolds();
}

describe('flow: a process that is killed while it carries out a request', () => {
  let worker: BotProcess;

  beforeAll(async () => {
    office = await openOffice({ objects: OBJECTS, file: ONE, contexts: ['prod'], env: { K8SSEC_ROLE: 'bot' }, start: false, hurries: false, slack: { patienceMs: 25_000 } });
    ({ bot } = office);
    await bot.replica();
    worker = await startWorker();
    await meetPeople(office.outside);
  });

  afterEach(() => bot.kube.faults.clear());

  afterAll(async () => {
    await kill(worker);
    await office.stop();
  });

  /** Everything stands as at first, for the next one. */
  async function undone(id: string): Promise<void> {
    if ((await office.request(id)).state !== 'reverted') await ask(bot, `undo ${id} --reason "for the next test"`, { as: 'bo' });
    await office.becomes(id, 'reverted');
    expect(holders()).toEqual([true, true]);
  }

  test.each(BOUNDARIES)('S28: once it is $where: another one brings it to its end, nothing is done twice and nothing is silent', async ({ act, hold, isThere }) => {
    const id = await asked(bot, 'remove-user hal@corp.example');
    const message = await messageOf(bot, id);
    const before = BINDINGS.map(writes);
    if (act === 'undo') {
      await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
      await office.becomes(id, 'applied');
    }
    hold();
    await ask(bot, `${act} ${id} --reason "${REASON}"`, { as: 'cy' });
    await until(() => isThere(id));
    await until(() => isQuiet(id));

    await kill(worker);
    // Where it was slow, the change is made after the process has died.
    await until(() => !underWay(({ verb }) => verb === 'patch'));
    bot.kube.faults.clear();
    worker = await startWorker();
    await until(async () => END.includes((await office.request(id)).state) && (act === 'approve' || (await office.request(id)).state !== 'applied'));

    const { state, journal } = await office.request(id);
    const isUndo = act === 'undo';
    expect(state).toBe(isUndo ? 'reverted' : 'applied');
    expect(holders()).toEqual([isUndo, isUndo]);
    expect(BINDINGS.map((name, index) => writes(name) - (before[index] ?? 0))).toEqual(isUndo ? [2, 2] : [1, 1]);
    expect((await as('ann').seesChange(message, isUndo ? /\*Restored\*/ : /Done: 2 of 2/)).elements).toEqual(isUndo ? [] : ['Restore']);
    expect(journal.filter(({ what }) => what === 'changed')).toHaveLength(2);
    expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(journal.map(({ what }) => what));
    await undone(id);
  });

  test('S28: one that dies, and whose successor the cluster breaks off each time, fails visibly and can be taken back', async () => {
    const id = await asked(bot, 'remove-user hal@corp.example');
    const message = await messageOf(bot, id);
    bot.kube.faults.add(patching('second'), { kind: 'hang' });

    await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' });
    await until(() => underWay(({ verb, name }) => verb === 'patch' && name === 'second'));
    await until(() => isQuiet(id));
    await kill(worker);
    bot.kube.faults.clear();
    bot.kube.faults.add(patching('second'), { kind: 'reset' });
    worker = await startWorker();
    await until(async () => {
      for (const job of await office.waitingJobs(id)) await job.promote().catch(() => undefined);
      return (await office.request(id)).state === 'failed';
    });

    const failed = await as('ann').seesChange(message, /Approved, but not achieved/);
    expect(failed.words).toMatch(/1 of 2 done, 1 failed/);
    expect(failed.elements).toEqual(['Retry', 'Restore']);
    expect(holders()).toEqual([false, true]);
    bot.kube.faults.clear();
    await undone(id);
  });
});

describe('flow: Redis that is killed while requests are under way', () => {
  withRealRedis((redis) => {
    beforeAll(async () => {
      office = await openOffice({ objects: OBJECTS, file: ONE, contexts: ['prod'], redis });
      ({ bot } = office);
    });

    afterAll(() => office.stop());

    async function restart(): Promise<void> {
      // What was written within the last second is lost otherwise, as the setting of a usual Redis has it.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await bot.redis.kill();
      await bot.redis.restart();
      await office.outside.redis.ping();
    }

    test('S28: what was asked, decided, done and undone before stands, and what is left to do is done', async () => {
      const id = await asked(bot, 'remove-user hal@corp.example');
      const message = await messageOf(bot, id);
      await restart();
      bot.kube.faults.add(patching('second'), { kind: 'slow', ms: 2500 }, 1);
      await until(async () => !/went wrong|database|Redis/i.test((await ask(bot, `approve ${id} --reason "${REASON}"`, { as: 'bo' })).words));
      await until(() => underWay(({ verb, name }) => verb === 'patch' && name === 'second'));
      await restart();

      await office.becomes(id, 'applied');
      await as('ann').seesChange(message, /Done: 2 of 2/);
      expect(holders()).toEqual([false, false]);
      expect(BINDINGS.map(writes)).toEqual([1, 1]);
      await restart();
      await until(async () => (await ask(bot, `undo ${id} --reason "for the next test"`, { as: 'bo' })).words.includes('taken back'));
      await office.becomes(id, 'reverted');
      await as('ann').seesChange(message, /\*Restored\* by @bo/);

      expect(holders()).toEqual([true, true]);
      expect((await office.logOf(id)).map(({ kind }) => kind)).toEqual(['asked', 'approved', 'applying', 'changed', 'changed', 'applied', 'undo-asked', 'taken-back', 'taken-back', 'reverted']);
    });
  });
});
