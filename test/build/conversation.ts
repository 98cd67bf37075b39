import { Redis } from 'ioredis';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import type { Person } from '#src/sandbox/slack/client/person.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { elementsIn } from '#src/sandbox/slack/state/entered.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { entriesOf } from './decisions.ts';
import { CHANNEL, type Bot } from './bot.ts';

export interface Place {
  /** Handle; the operator, unless another one is named. */
  readonly as?: string;
  readonly channel?: string;
}

/** Types a command and reads the answer. */
export async function ask(bot: Bot, text: string, { as = 'ann', channel = CHANNEL }: Place = {}): Promise<SeenMessage> {
  return (await bot.slack.as(as).command(`/k8ssec ${text}`, channel)).answer();
}

/** Has a scan made and reads its message once everything about it has been said. */
export async function scanned(bot: Bot, text = 'scan', { as = 'ann', channel = CHANNEL }: Place = {}): Promise<SeenMessage> {
  const person = bot.slack.as(as);
  const message = await begun(bot, text, { as, channel });
  await person.sees(message, told);
  return now(person, message);
}

/** Has a scan begun and reads its message as soon as it is there. */
export async function begun(bot: Bot, text = 'scan', { as = 'ann', channel = CHANNEL }: Place = {}): Promise<SeenMessage> {
  const person = bot.slack.as(as);
  const before = new Set(person.messages(channel).map(({ ts }) => ts));
  await (await person.command(`/k8ssec ${text}`, channel)).answer(/queued/);
  return person.sees(channel, ({ ts, isEphemeral }) => !isEphemeral && !before.has(ts));
}

/** Whoever waits for a scan is told, last of all, in its thread. */
export function told({ words }: SeenMessage): boolean {
  return /^@\w+.* the scan of /.test(words);
}

export function now(person: Person, message: SeenMessage): SeenMessage {
  const found = person.reread(message);
  if (found === undefined) throw new Error('the message is gone');
  return found;
}

export async function decisions({ redis: { url } }: Bot): Promise<readonly DecisionEntry[]> {
  return withRedis(url, async (redis) => (await entriesOf(createDecisionLog(redis))).map(({ text }) => JSON.parse(text) as DecisionEntry));
}

/** A connection besides those of the bot, for as long as it is needed. */
export async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** By what each of the buttons that are called so can be pressed. */
export function namesOf({ blocks }: Pick<SeenMessage, 'blocks'>, label: string): readonly string[] {
  return elementsIn(blocks).flatMap(({ element, actionId }) => (JSON.stringify(element.text ?? {}).includes(JSON.stringify(label)) ? [actionId] : []));
}

/** What the bot wrote to its log in that way. */
export function logged({ log }: Bot, level: string): readonly Readonly<Record<string, unknown>>[] {
  return log.filter((line) => line.level === level);
}
