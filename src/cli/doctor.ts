import { styleText } from 'node:util';
import { systemClock } from '#src/clock.ts';
import { KNOWN_UNITS } from '#src/app/known-units.ts';
import { loadConfig } from '#src/config/load.ts';
import { createLog } from '#src/log.ts';
import type { Arguments } from '#src/model/command.ts';
import { examine, type Verdict } from '#src/app/doctor.ts';
import { printable } from '#src/model/printable.ts';
import { print, type World } from './world.ts';

const MARKS = { ok: ['ok  ', 'green'], note: ['note', 'cyan'], warn: ['warn', 'yellow'], fail: ['FAIL', 'red'] } as const;

/** Prints a verdict on everything that the configuration names. */
export async function doctor({ options }: Arguments, world: World): Promise<number> {
  const config = loadConfig({ env: world.env, flags: options, ...KNOWN_UNITS });
  await print(world.stdout, `${line(world, { level: 'ok', about: 'Configuration', text: 'every setting is known and fits' })}\n`);
  let failed = false;
  // Its verdicts say all that matters; the SDKs' own lines would only stand between them.
  for await (const verdict of examine(config, systemClock, createLog('error'))) {
    failed ||= verdict.level === 'fail';
    await print(world.stdout, `${line(world, verdict)}\n`);
  }
  return failed ? 1 : 0;
}

function line({ stdout, env }: World, { level, about, text }: Omit<Verdict, 'about'> & { readonly about: string }): string {
  const [mark, color] = MARKS[level];
  const isColored = stdout.isTTY === true && env.NO_COLOR === undefined;
  return `${isColored ? styleText(color, mark) : mark}  ${about}: ${printable(text)}`;
}
