import { afterEach, describe, expect, test } from '@jest/globals';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { until } from '#test/build/queue.ts';
import { scene } from '#test/build/scene.ts';

const BURST = 20;
const REFUSED = 'Slack refuses the app-level token: invalid_auth';

describe('flow: sockets', () => {
  describe('of one process', () => {
    let bot: Bot;

    afterEach(() => bot.stop());

    test('S8: everything is acknowledged and answered while Slack, after a warning, renews one of two sockets', async () => {
      bot = await startBot();
      await bot.slack.connected(2);

      const before = burst(bot);
      bot.slack.control.sockets().refresh(0, { warning: true });
      const meanwhile = burst(bot);
      await bot.slack.connected(3);
      const runs = await Promise.all([...before, ...meanwhile, ...burst(bot)]);

      expect(runs.map(({ outcome }) => outcome)).toEqual(runs.map(() => ({ ok: true })));
      await until(() => answers(bot) === runs.length);
      await bot.slack.control.clock.advance(10_000);
      await until(() => bot.slack.control.sockets().count() === 2);
      expect(await Promise.all(burst(bot))).toMatchObject(Array.from({ length: BURST }, () => ({ outcome: { ok: true } })));
    });

    test('S8: what was on its way when Slack closed a socket is answered, though Slack does not hear the acknowledgement', async () => {
      bot = await startBot();
      await bot.slack.connected(2);

      const runs = burst(bot);
      bot.slack.control.sockets().refresh(0);
      runs.push(...burst(bot));

      await until(() => answers(bot) === runs.length);
      await bot.slack.connected(2);
      expect(await Promise.all(burst(bot))).toMatchObject(Array.from({ length: BURST }, () => ({ outcome: { ok: true } })));
      await bot.slack.control.clock.advance(3000);
      await Promise.all(runs);
    });

    test.each([1, 2, 8])('S8: of %i sockets that are refused because the token was revoked, one tells it, once', async (sockets) => {
      bot = await startBot({ env: { K8SSEC_SOCKETS: String(sockets) } });
      await bot.slack.connected(sockets);

      bot.slack.control.app.refuseAppToken('invalid_auth');
      bot.slack.control.sockets().drop();
      await until(() => bot.fatal.length > 0);
      await bot.stop();

      expect(bot.fatal).toEqual([REFUSED]);
    });
  });

  scene('S8: a token that is revoked while the bot runs ends its process with one clear line, status 4 and no stack', { start: false }, async (all) => {
    const running = await all.startProcess();

    all.bot.slack.control.app.refuseAppToken('invalid_auth');
    all.bot.slack.control.sockets().refresh(0, { warning: true });

    expect(await running.ended).toEqual({ status: 4, signal: null });
    expect(running.stderr()).toBe(`k8ssec: ${REFUSED}\n`);
    expect(running.log().map(({ msg }) => msg)).toEqual(['k8ssec runs']);
  });

  for (const [token, method, line] of [
    ['the app-level token', 'apps.connections.open', REFUSED],
    ['the bot token', 'auth.test', 'Slack refuses the bot token: invalid_auth'],
  ] as const) {
    scene(`S8: a process does not start with ${token} revoked, and says so in one line`, { start: false }, async (all) => {
      all.bot.slack.control.faults.set(method, { kind: 'answer', status: 200, body: '{"ok":false,"error":"invalid_auth"}' });

      const refused = await all.startProcess();

      expect(await refused.ended).toEqual({ status: 4, signal: null });
      expect([refused.stdout(), refused.stderr()]).toEqual(['', `k8ssec: ${line}\n`]);
    });
  }
});

/** Commands whose answer comes apart from their acknowledgement, all at once. */
function burst({ slack }: Bot): ReturnType<ReturnType<Bot['slack']['as']>['command']>[] {
  return Array.from({ length: BURST }, () => slack.as('ann').command('/k8ssec clusters', CHANNEL));
}

function answers({ slack }: Bot): number {
  return slack.as('ann').messages(CHANNEL).filter(({ words, author }) => author === 'k8ssec' && words.includes('1 cluster watched')).length;
}
