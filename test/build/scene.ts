import { test } from '@jest/globals';
import { startBot, type Bot, type BotOptions } from './bot.ts';
import { outsideOf, type Outside } from './outside.ts';
import { startProcess, type BotProcess } from './process.ts';

const TIMEOUT_MS = 60_000;

export interface Scene {
  readonly bot: Bot;
  readonly outside: Outside;
  /** One more replica, in a process of its own. */
  readonly startProcess: () => Promise<BotProcess>;
}

/** A test with a bot of its own. It runs beside the other scenes of its file, because they mostly wait. */
export function scene(name: string, options: BotOptions, act: (scene: Scene) => Promise<void>): void {
  test.concurrent(name, () => inScene(options, act), TIMEOUT_MS);
}

async function inScene(options: BotOptions, act: (scene: Scene) => Promise<void>): Promise<void> {
  const bot = await startBot({ byClockOfSlack: true, ...options });
  const outside = outsideOf(bot);
  const processes: BotProcess[] = [];
  const begin = async () => {
    const begun = await startProcess(bot);
    processes.push(begun);
    return begun;
  };
  try {
    await act({ bot, outside, startProcess: begin });
  } finally {
    for (const { kill } of processes) kill('SIGKILL');
    await Promise.all(processes.map(({ ended }) => ended));
    await outside.close();
    await bot.stop();
  }
}
