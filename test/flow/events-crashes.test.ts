import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { keys } from '#src/store/keys.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { eventList, execEvent } from '#test/build/events.ts';
import { hurry } from '#test/build/hurry.ts';
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
      bot = await startBot({ file: FILE, contexts: ['prod'], redis, start: false });
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

    test('killed by -9 in the middle of them, it loses none, and none counts twice', async () => {
      const inbox = createEventInbox(outside.redis);
      const cameAtMs = bot.clock.now().getTime();
      const all = PODS.length * PER_POD;
      const texts = Array.from({ length: all }, (_, index) => JSON.stringify(eventList(execEvent({ id: `e-${index}`, at: new Date(cameAtMs).toISOString(), pod: PODS[index % PODS.length] ?? '', command: ['id'] }))));
      const first = await worker();
      expect(await Promise.all(texts.map((text) => inbox.keep('prod', { feed: 'audit', cameAtMs, text })))).not.toContain(false);
      await until(async () => (await left()) < all);
      first.kill('SIGKILL');
      await first.ended;
      expect(await left()).toBeGreaterThan(0);

      // As if the time had gone by for which a dead process has the events.
      await outside.redis.del(keys.eventHolder('prod'));
      await outside.forgetHolds();
      await worker();
      await until(async () => (await left()) === 0);

      for (const pod of PODS) await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes(`shop/${pod}`) && words.includes(`(${PER_POD} times)`));
      expect((await ask(bot, 'status')).words).toContain(`prod audit: ${all} events today`);
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
