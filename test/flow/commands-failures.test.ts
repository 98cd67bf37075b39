import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keys } from '#src/store/keys.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { startBot, type Bot } from '#test/build/bot.ts';
import { ask, logged, namesOf, scanned, withRedis } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aPod } from '#test/build/objects.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';

let bot: Bot;

/** Short, with a reference that leads to the whole story in the log, and nothing that is for the log alone. */
function isFitForPeople({ words, isEphemeral }: SeenMessage): void {
  const [, reference = 'none'] = /Tell your administrator the reference `(\w+)`/.exec(words) ?? [];
  const line = logged(bot, 'error').find((entry) => entry.reference === reference);

  expect(isEphemeral).toBe(true);
  expect(words.length).toBeLessThan(300);
  expect(words).not.toMatch(/127\.0\.0\.1|localhost|\.sock|\.ts\b|\bat \w+ \(|Error|ECONN/);
  expect(line).toMatchObject({ msg: 'a request of a person failed' });
  expect(JSON.stringify(line)).toMatch(/stack|message/);
}

describe('flow: commands that fail', () => {
  describe('without Redis', () => {
    withRealRedis((redis) => {
      beforeAll(async () => {
        bot = await startBot({ redis });
        await bot.redis.kill();
      });

      afterAll(() => bot.stop());

      test.each(['scan', 'findings', 'status', 'clusters', 'cancel abc'])('S24: %s is answered with the reason, what to do and a reference', async (text) => {
        const answer = await ask(bot, text);

        isFitForPeople(answer);
        expect(answer.words).toContain('memory (Redis) does not answer');
        expect(answer.words).toContain('in a minute');
      });

      test('help and bad input are answered as ever', async () => {
        expect((await ask(bot, 'help')).words).toContain('/k8ssec scan');
        expect((await ask(bot, 'scna')).words).toContain('Did you mean scan?');
      });

      test('when it is back, everything works as before', async () => {
        await bot.redis.restart();
        await until(async () => !(await ask(bot, 'status')).words.includes('does not answer'));
        const endHurry = hurry(bot);

        expect((await scanned(bot)).words).toContain('demo');
        await endHurry();
      });
    });
  });

  describe('with a fault', () => {
    beforeAll(async () => {
      bot = await startBot({ objects: [aPod({ name: 'web', privileged: true })] });
    });

    afterAll(() => bot.stop());

    const spoil = () => withRedis(bot.redis.url, (redis) => redis.set(keys.clusterState('demo'), 'no JSON'));

    test('S24: a button that opens a modal is answered in the modal', async () => {
      const endHurry = hurry(bot);
      const result = await scanned(bot);
      await endHurry();
      await spoil();
      const ann = bot.slack.as('ann');

      await ann.press(result, namesOf(result, 'Details')[0] ?? '');

      const modal = await ann.seesModal(/reference/);
      expect(modal.words).toContain('Something went wrong in the bot.');
      expect(modal.words).not.toMatch(/Error|JSON|\.ts\b/);
    });

    test.each(['findings', 'status', 'explain 3f9c01ab'])('S24: %s is answered with a reference', async (text) => {
      await spoil();

      const answer = await ask(bot, text);

      isFitForPeople(answer);
      expect(answer.words).toContain('Something went wrong in the bot.');
    });

    test('the Home tab stays as it was, and the log says why', async () => {
      await withRedis(bot.redis.url, (redis) => redis.del(keys.clusterState('demo')));
      const ann = bot.slack.as('ann');
      ann.openHome();
      await ann.seesHome(/not scanned yet/);
      await spoil();

      ann.openHome();
      await until(() => logged(bot, 'warn').some(({ msg }) => msg === 'the Home tab of a person could not be shown'));

      expect(ann.home()?.words).toContain('not scanned yet');
    });
  });
});
