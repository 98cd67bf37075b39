import type { Command, Redis } from 'ioredis';

/** How exactly time is counted. */
const TICK_MS = 100;

/**
 * Fails commands that Redis has not answered for so long. Counts only time in which this process could have read an answer: a pause of the
 * process itself (a long computation, garbage collection, a suspended machine) is no silence of Redis. ioredis' own `commandTimeout` takes
 * it for one, because after a pause its timer is run before what has arrived is read.
 */
export function limitAnswerTime(redis: Redis, answerMs: number): void {
  const ticks = Math.ceil(answerMs / TICK_MS);
  /** Commands that were sent, with the ticks since. */
  const waiting = new Map<Command, number>();
  let timer: NodeJS.Timeout | undefined;
  const count = (): void => {
    for (const [command, passed] of waiting) {
      if (!command.isSettled && passed < ticks) {
        waiting.set(command, passed + 1);
        continue;
      }
      waiting.delete(command);
      if (!command.isSettled) command.reject(new Error('Command timed out'));
    }
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, stream) => {
    const answer = send(command, stream);
    // A command that is sent again, to a server that came back, goes on counting.
    if (command.isSettled || waiting.has(command)) return answer;
    waiting.set(command, 0);
    // A tick that is late counts once, and the turn of the event loop that it belongs to reads what has arrived before it counts.
    timer ??= setInterval(() => setImmediate(count), TICK_MS).unref();
    return answer;
  };
}
