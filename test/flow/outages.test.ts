import { describe, expect } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, CLUSTER, type Bot } from '#test/build/bot.ts';
import { passTime } from '#test/build/outside.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';
import { scene, type Scene } from '#test/build/scene.ts';
import { job as scheduledScan } from '#jobs/scheduled-scan.ts';
import { template as notice } from '#templates/notice.ts';

const HANG = { kind: 'hang' } as const;
const CHANNEL_ID = seededId('channel', CHANNEL);
/** The bot gives up a call that a person waits for after 2.5 s, and others after 10 s. */
const SOON_MS = 5000;
const LATER_MS = 14_000;

describe('flow: outages of Slack', () => {
  withRealRedis((redis) => {
    scene('S6: a lost answer leads to one further copy, which is counted, and a press on either brings both to the same state', { redis }, async ({ bot, outside }) => {
      const ann = bot.slack.as('ann');
      bot.kube.faults.add({}, HANG);
      bot.slack.control.faults.set('chat.postMessage', { kind: 'lose answer' }, 1);

      await ann.command('/k8ssec scan', CHANNEL);
      await passTime(bot, outside, () => posted(bot).length === 2);
      const [unknown] = posted(bot);
      expect((await status(bot)).words).toContain('1 message may stand twice');
      if (unknown !== undefined) await ann.press(unknown, 'Cancel scan');
      await passTime(bot, outside, () => posted(bot).every(({ words }) => words.includes('canceled')));

      expect(posted(bot)).toHaveLength(2);
      expect(new Set(posted(bot).map(({ words }) => words)).size).toBe(1);
    });

    scene('S6: when the answer to the further copy is lost too, there is no third one', { redis }, async (all) => {
      const { bot, outside } = all;
      bot.slack.control.faults.set('chat.postMessage', { kind: 'lose answer' });

      await say('one', all);
      await passTime(bot, outside, async () => (await outside.rows.counts()).failed === 1);

      expect(await outside.rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 1 });
      expect(posted(bot)).toHaveLength(2);
    });

    scene('S7: while Slack hangs every call ends, scans go on and the status is degraded; then all recovers without a restart', { redis, env: { K8SSEC_CHANNEL: CHANNEL_ID } }, async (all) => {
      const { bot, outside } = all;
      const { faults, clock, workspace } = bot.slack.control;
      const ann = bot.slack.as('ann');
      workspace.addChannel('files', { members: ['ann'], withApp: true });
      for (const method of ['chat.postMessage', 'api.test', 'upload', 'views.open']) faults.set(method, HANG);

      await outside.queues.add({ job: scheduledScan, payload: { cluster: CLUSTER, schedule: 'nightly' }, id: 'nightly' });
      await outside.outbox.putFile({ id: 'file', channel: workspace.channelId('files'), filename: 'a.csv', title: 'A', content: 'a' });
      await until(async () => (await outside.scans.state(CLUSTER)) !== undefined);
      await status(bot);
      await Promise.all([
        within(SOON_MS, async () => (await ann.press(await aFinding(all), 'About this check')).answer(/Why it matters/)),
        within(SOON_MS, () => someoneUnknown(bot)),
        within(LATER_MS, () => until(async () => (await outside.rows.work(CHANNEL_ID))[0]?.failures === 1)),
        within(LATER_MS, () => until(async () => (await outside.rows.get('file'))?.failures === 1)),
      ]);
      await clock.advance(31_000);
      expect((await status(bot)).words).toContain('Slack: degraded* (Slack does not answer)');

      faults.release();
      await passTime(bot, outside, async () => (await outside.rows.counts()).unsent === 0);

      expect((await status(bot)).words).toContain('Slack: ok');
      expect(posted(bot).some(({ words }) => words.startsWith(`${CLUSTER}: `))).toBe(true);
      expect(ann.messages('files').flatMap(({ files }) => files)).not.toEqual([]);
    });

    scene('S9: while Slack hangs a process that is told to stop is gone within ten seconds, and what it was sending is sent once more', { redis, start: false }, async (all) => {
      const { bot, outside, startProcess } = all;
      const first = await startProcess();
      bot.slack.control.faults.set('chat.postMessage', HANG);
      await say('one', all);
      await say('two', all);
      await until(() => bot.slack.requests('chat.postMessage').length === 1);

      await within(10_000, async () => {
        first.kill('SIGTERM');
        expect(await first.ended).toEqual({ status: 0, signal: null });
      });

      bot.slack.control.faults.release();
      await goesOn(all);
      expect(posted(bot).map(({ words }) => words)).toEqual(['one', 'one', 'two']);
      expect(await outside.rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 0 });
    });

    scene('S6: a process that dies between a post and its record leads to one further copy', { redis, start: false }, async (all) => {
      const { bot, outside, startProcess } = all;
      const first = await startProcess();
      bot.slack.control.faults.set('chat.postMessage', { kind: 'slow', ms: 3600_000 }, 1);
      await say('one', all);
      await say('two', all);
      await until(() => posted(bot).length === 1);

      first.kill('SIGKILL');
      await first.ended;
      expect(await outside.rows.get('one')).toMatchObject({ state: 'sending' });

      await goesOn(all);
      expect(posted(bot).map(({ words }) => words)).toEqual(['one', 'one', 'two']);
      expect(await outside.rows.counts()).toEqual({ unsent: 0, maybeDouble: 1, failed: 0 });
    });
  });
});

/** Messages of the bot in the channel that everybody sees. */
function posted({ slack }: Bot): readonly SeenMessage[] {
  return slack.as('ann').messages(CHANNEL).filter(({ isEphemeral, author }) => !isEphemeral && author === 'k8ssec');
}

async function status({ slack }: Bot): Promise<SeenMessage> {
  return (await slack.as('ann').command('/k8ssec status', CHANNEL)).answer(/Slack/);
}

async function say(text: string, { outside }: Scene): Promise<void> {
  await outside.outbox.put({ id: text, channel: CHANNEL_ID, template: notice, data: { text } });
}

/** An answer with a button that opens a modal. */
async function aFinding({ bot, outside }: Scene): Promise<SeenMessage> {
  const [finding] = (await outside.scans.state(CLUSTER))?.findings ?? [];
  return (await bot.slack.as('ann').command(`/k8ssec explain ${finding?.fingerprint ?? ''}`, CHANNEL)).answer(/demo/);
}

/** Who cannot be looked up is told so. */
async function someoneUnknown({ slack }: Bot): Promise<void> {
  slack.control.faults.set('users.info', HANG, 1);
  await (await slack.as('eli').command('/k8ssec status', CHANNEL)).answer(/could not be looked up/);
}

/** Another process goes on when the holds of the dead one are over, until everything has been sent. */
async function goesOn({ bot, outside }: Scene): Promise<void> {
  await outside.forgetHolds();
  await bot.slack.control.clock.advance(13_000);
  await bot.replica();
  await passTime(bot, outside, async () => (await outside.rows.counts()).unsent === 0);
}

async function within(ms: number, act: () => Promise<unknown>): Promise<void> {
  const begunAt = performance.now();
  await act();
  expect(performance.now() - begunAt).toBeLessThan(ms);
}
