import { describe, expect } from '@jest/globals';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, CLUSTER } from '#test/build/bot.ts';
import { passTime } from '#test/build/outside.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';
import { scene } from '#test/build/scene.ts';
import { template as notice } from '#templates/notice.ts';

const NOTES = ['one', 'two', 'three', 'four', 'five'];
const STOPS_WITHIN_MS = 5000;

describe('flow: stop', () => {
  withRealRedis((redis) => {
    scene('S9: a process that is told to stop hands back its scan and its messages, and another one finishes them', { redis, start: false }, async ({ bot, outside, startProcess }) => {
      const first = await startProcess();
      const inChannel = () => bot.slack.as('ann').messages(CHANNEL).filter(({ isEphemeral }) => !isEphemeral);
      const posted = (text: string) => inChannel().filter(({ words }) => words === text).length;
      bot.kube.faults.add({}, { kind: 'hang' });
      await bot.slack.as('ann').command('/k8ssec scan', CHANNEL);
      await until(() => bot.kube.requests.inFlight().now > 0);
      for (const text of NOTES) await outside.outbox.put({ id: text, channel: seededId('channel', CHANNEL), template: notice, data: { text } });
      await until(() => posted('one') === 1);

      const toldAt = performance.now();
      first.kill('SIGTERM');

      expect(await first.ended).toEqual({ status: 0, signal: null });
      expect(performance.now() - toldAt).toBeLessThan(STOPS_WITHIN_MS);
      expect(first.stderr()).toBe('');
      expect(first.log().map(({ msg }) => msg)).toEqual(['k8ssec runs']);
      expect(await outside.queues.counts()).toMatchObject({ waiting: 1, active: 0 });
      expect((await Promise.all(NOTES.map(outside.rows.get))).filter((row) => row?.state === 'sending')).toEqual([]);

      bot.kube.faults.clear();
      await bot.replica();
      await passTime(bot, outside, async () => (await outside.scans.state(CLUSTER)) !== undefined && (await outside.rows.counts()).unsent === 0);

      expect(NOTES.map(posted)).toEqual(NOTES.map(() => 1));
      expect(inChannel().filter(({ words }) => words.startsWith(`${CLUSTER}: `))).toHaveLength(1);
    });

    scene('S9: who typed something just before the bot stops is answered', { redis, start: false }, async ({ bot }) => {
      const app = await bot.replica();
      const runs = Array.from({ length: 10 }, () => bot.slack.as('ann').command('/k8ssec clusters', CHANNEL));
      await bot.slack.quiet();

      await app.stop();

      const answers = (await Promise.all(runs)).map((run) => run.answers().length);
      expect(answers).toEqual(runs.map(() => 1));
    });
  });
});
