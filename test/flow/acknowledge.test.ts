import { afterEach, describe, expect, test } from '@jest/globals';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import type { Envelope, Transport } from '#src/sandbox/slack/delivery/transport.ts';
import { commands } from '#commands/index.gen.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { envelopesFor, EVENTS } from '#test/build/envelopes.ts';
import { freezeRedis } from '#test/build/frozen.ts';
import { until } from '#test/build/queue.ts';
import { withRealRedis } from '#test/build/redis.ts';

const LIMIT_MS = 500;
const HANGS = /memory \(Redis\) did not answer in time/;

let bot: Bot;
let thaw: (() => void) | undefined;

afterEach(async () => {
  thaw?.();
  thaw = undefined;
  await bot.stop();
});

describe('flow: acknowledgement', () => {
  withRealRedis((redis) => {
    test.each(['socket', 'http'] as const)('S1: in %s mode everything is acknowledged within half a second while Redis and the API server hang', async (mode) => {
      bot = await startBot({ mode, redis, objects: demoObjects() });
      bot.kube.faults.add({}, { kind: 'hang' });
      await bot.slack.as('ann').command('/k8ssec scan', CHANNEL);
      await until(() => bot.kube.requests.inFlight().now > 0);
      thaw = await freezeRedis(bot.redis.url);

      const late: unknown[] = [];
      for (const [what, envelope] of everything()) {
        const delivered = await transport().send(envelope);
        if (delivered.result !== 'acknowledged' || delivered.afterMs >= LIMIT_MS) late.push({ what, ...delivered });
      }

      expect(late).toEqual([]);
    });

    test('S1: while Redis hangs, who types a command or presses a button learns of it within seconds', async () => {
      bot = await startBot({ redis });
      const ann = bot.slack.as('ann');
      const check = await (await ann.command('/k8ssec explain workload/privileged', CHANNEL)).answer(/privileged/);
      ann.openHome();
      await ann.seesHome(/demo/);
      thaw = await freezeRedis(bot.redis.url);

      const runs = [await ann.command('/k8ssec status', CHANNEL), await ann.press(check, 'Findings of this check')];
      await ann.press('home', 'Scan now');

      for (const run of runs) expect((await run.answer(HANGS)).isEphemeral).toBe(true);
      expect((await ann.seesModal(HANGS)).title).toBe('k8ssec');
    });
  });
});

function everything(): readonly (readonly [what: string, envelope: Envelope])[] {
  const make = envelopesFor(bot);
  const typed = [...commands.flatMap(({ name, examples, usage }) => [name, usage, ...examples]), '', 'nonsense', 'scan --wrong'];
  return [
    ...typed.map((text) => [`/k8ssec ${text}`, make.command(text)] as const),
    ...commands.flatMap(({ name }) => [[`button ${name}`, make.press(name)] as const, [`button ${name} in a modal`, make.pressInModal(name)] as const]),
    ['submission of a view', make.submission()],
    ['closing of a view', make.closing()],
    ['shortcut', make.shortcut()],
    ['shortcut of a message', make.messageShortcut()],
    ['suggestion', make.suggestion()],
    ...(Object.keys(EVENTS) as (keyof typeof EVENTS)[]).map((type) => [`event ${type}`, make.event(type)] as const),
  ];
}

function transport(): Transport {
  return bot.config.slack.mode === 'socket' ? bot.slack.control.sockets() : bot.slack.control.http();
}
