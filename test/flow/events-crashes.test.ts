import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { keys } from '#src/store/keys.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { eventList, execEvent } from '#test/build/events.ts';
import { hurry } from '#test/build/hurry.ts';
import { aNamespace, aPod } from '#test/build/objects.ts';
import { outsideOf, type Outside } from '#test/build/outside.ts';
import { startProcess, type BotProcess } from '#test/build/process.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';

jest.setTimeout(60_000);

const TOKEN = 'k8ssec-canary-token-of-crashes';
const FILE = `
clusters:
  - { name: prod, channel: ${seededId('channel', CHANNEL)} }
${ROLES}
events:
  - cluster: prod
    audit: { token: { env: K8SSEC_TEST_CRASH_TOKEN } }
`;
const PODS = ['web-0', 'web-1'];
const PER_POD = 150;
const OWNED = ['db-0', 'db-1'].map((name): RawObject => ({ ...aPod({ name, namespace: 'shop' }), metadata: { name, namespace: 'shop', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'uid-of-db', controller: true }] } }));

describe('flow: events during which a worker dies', () => {
  withRealRedis((redis) => {
    let bot: Bot;
    let outside: Outside;
    let endHurry: () => Promise<void>;
    const workers: BotProcess[] = [];

    const worker = async (): Promise<BotProcess> => {
      const process = await startProcess(bot, { K8SSEC_TEST_CRASH_TOKEN: TOKEN, K8SSEC_ROLE: 'worker' });
      workers.push(process);
      return process;
    };
    const left = () => outside.redis.xlen(keys.eventBatches('prod'));

    beforeAll(async () => {
      process.env.K8SSEC_TEST_CRASH_TOKEN = TOKEN;
      bot = await startBot({ objects: [aNamespace('shop'), ...OWNED], file: FILE, contexts: ['prod'], redis, start: false });
      await bot.replica({ K8SSEC_ROLE: 'bot' });
      outside = outsideOf(bot);
      endHurry = hurry(bot);
    });

    afterAll(async () => {
      delete process.env.K8SSEC_TEST_CRASH_TOKEN;
      for (const { kill } of workers) kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      await endHurry();
      await outside.close();
      await bot.stop();
    });

    /** Sends commands in pods by turns, kills the worker in the middle of them, and has another one go on. */
    const killedAmid = async (pods: readonly string[], meanwhile: () => void = () => undefined): Promise<void> => {
      const inbox = createEventInbox(outside.redis);
      const cameAtMs = bot.clock.now().getTime();
      const all = pods.length * PER_POD;
      const texts = Array.from({ length: all }, (_, index) => JSON.stringify(eventList(execEvent({ id: `e-${index}`, at: new Date(cameAtMs).toISOString(), pod: pods[index % pods.length] ?? '', command: ['id'] }))));
      const first = await worker();
      expect(await Promise.all(texts.map((text) => inbox.keep('prod', { feed: 'audit', cameAtMs, text })))).not.toContain(false);
      await until(async () => (await left()) < all - pods.length);
      first.kill('SIGKILL');
      await first.ended;
      expect(await left()).toBeGreaterThan(0);
      meanwhile();

      // As if the time had gone by for which a dead process has the events.
      await outside.redis.del(keys.eventHolder('prod'));
      await outside.forgetHolds();
      await worker();
      await until(async () => (await left()) === 0);
    };

    test('killed by -9 in the middle of them, it loses none, and none counts twice', async () => {
      await killedAmid(PODS);

      for (const pod of PODS) await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes(`shop/${pod}`) && words.includes(`(${PER_POD} times)`));
      expect((await ask(bot, 'status')).words).toContain(`prod audit: ${PODS.length * PER_POD} events today`);
    });

    test('killed by -9, and with an API server that does not answer any more, it goes on with the message about the workload', async () => {
      for (const { kill } of workers) kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      await outside.redis.del(keys.eventHolder('prod'));
      const pods = OWNED.map((pod) => textAt(pod, 'metadata', 'name') ?? '');
      await killedAmid(pods, () => bot.kube.faults.add({ resource: 'pods', verb: 'get' }, { kind: 'hang' }));
      bot.kube.faults.clear();

      await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('StatefulSet `shop/db`') && words.includes(`(${OWNED.length * PER_POD} times)`));
      expect(bot.slack.as('ann').messages(CHANNEL).filter(({ words }) => words.includes('shop/db'))).toHaveLength(1);
    });

    test('killed by -9 in the middle of a burst, it tells the burst all the same', async () => {
      const inbox = createEventInbox(outside.redis);
      const cameAtMs = bot.clock.now().getTime();
      const read = (name: string) => ({
        ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', stage: 'ResponseComplete', auditID: name, verb: 'get', requestURI: `/api/v1/namespaces/shop/secrets/${name}`, user: { username: 'oidc:mallory' } },
        ...{ objectRef: { resource: 'secrets', namespace: 'shop', name, apiVersion: 'v1' }, responseStatus: { code: 200 }, requestReceivedTimestamp: new Date(cameAtMs).toISOString() },
      });
      const send = async (names: readonly string[]) => {
        await inbox.keep('prod', { feed: 'audit', cameAtMs, text: JSON.stringify(eventList(...names.map(read))) });
        await until(async () => (await left()) === 0);
      };
      const names = Array.from({ length: NO_DETECTION_SETTINGS.thresholds.secretsRead + 1 }, (_, index) => `secret-${index}`);
      await send(names.slice(0, 6));
      for (const { kill } of workers) kill('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));

      await outside.redis.del(keys.eventHolder('prod'));
      await worker();
      await send(names.slice(6));

      await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes(`oidc:mallory read ${names.length} different Secrets`));
    });
  });
});
