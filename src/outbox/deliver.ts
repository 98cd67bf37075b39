import { message as plainMessage, type Message } from '#src/blocks/build.ts';
import { checkMessage } from '#src/blocks/checker.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Courier, Delivery, OutgoingContent, Place } from '#src/model/courier.ts';
import type { Log } from '#src/model/log.ts';
import type { MessageRow, MessageRows, Pace } from '#src/model/message-row.ts';
import type { Template } from '#src/model/outbox.ts';
import { sealMessage, type IssueToken } from './seal.ts';
import { nextTurn } from './turn.ts';

export interface DeliveryDeps {
  readonly rows: MessageRows;
  readonly pace: Pace;
  readonly courier: Courier;
  readonly clock: Clock;
  readonly log: Log;
  readonly templates: readonly Template[];
  readonly zone: string;
  /** A token for a button of the named message. */
  readonly issue: (message: string) => IssueToken;
  /** Wakes the delivery to another channel. */
  readonly wake: (channel: string) => Promise<void>;
}

/** Tried again after this long, doubled for each failure in a row. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A refused token is looked at again after this long. */
const TOKEN_WAIT_MS = 30_000;

/**
 * Sends a channel what it is due, in order, until nothing more may be sent now.
 *
 * One call at a time for each channel. A process that dies in a call leaves its message as `sending`; whoever comes next sends it
 * once more and counts that it may stand twice.
 *
 * @returns when to come again, in milliseconds since 1970; undefined when the channel has everything.
 */
export async function deliver(channel: string, deps: DeliveryDeps, signal: AbortSignal): Promise<number | undefined> {
  for (;;) {
    signal.throwIfAborted();
    const turn = await nextTurn(channel, deps);
    if (turn === undefined || 'at' in turn) return turn?.at;
    await sendRow(turn.row, turn.thread, deps);
  }
}

async function sendRow(row: MessageRow, thread: Place | undefined, deps: DeliveryDeps): Promise<void> {
  if (!(await deps.rows.take(row))) return;
  const lost = row.state === 'sending' && row.place === undefined ? row.lost + 1 : row.lost;
  const { delivery, plain } = row.kind === 'file' ? await sendFile(row, thread, deps) : await sendMessage(row, thread, deps);
  const now = deps.clock.now().getTime();
  if (row.place === undefined) await deps.pace.posted(row.channel, now);
  await record({ ...row, lost, plain: row.plain || plain }, delivery, now, deps);
}

async function sendFile(row: MessageRow, thread: Place | undefined, { courier }: DeliveryDeps) {
  return { delivery: await courier.upload(thread?.channel ?? row.channel, JSON.parse(row.data) as OutgoingContent, thread?.ts), plain: false };
}

async function sendMessage(row: MessageRow, thread: Place | undefined, deps: DeliveryDeps): Promise<{ delivery: Delivery; plain: boolean }> {
  const { courier, log } = deps;
  const message = await rendered(row, deps);
  if (message === undefined) return { delivery: { outcome: 'rejected', reason: `no template ${row.template}` }, plain: false };
  const send = (content: Message) => (row.place === undefined ? courier.post(thread?.channel ?? row.channel, content, thread?.ts) : updateAll(row, row.place, content, courier));
  const delivery = await send(message);
  if (delivery.outcome !== 'invalid-blocks') return { delivery, plain: false };
  log.error({ message: row.id, detail: delivery.detail }, 'Slack refused the blocks of a message; its text is sent alone');
  return { delivery: await send(plainMessage(message.text, [])), plain: true };
}

/** The message as it should stand now; its text alone when its blocks are known not to be accepted. */
async function rendered(row: MessageRow, { templates, zone, issue, log }: DeliveryDeps): Promise<Message | undefined> {
  const template = templates.find(({ name }) => name === row.template);
  if (template === undefined) return undefined;
  const message = template.render(JSON.parse(row.data) as unknown, { zone });
  const faults = row.plain ? [] : checkMessage(message);
  if (faults.length > 0) log.error({ message: row.id, faults }, 'a message breaks the limits of Slack; its text is sent alone');
  if (row.plain || faults.length > 0) return plainMessage(message.text, []);
  return sealMessage(message, issue(row.id));
}

/** Copies that turned up are brought to the same state; one that is gone is forgotten with the next change. */
async function updateAll(row: MessageRow, place: Place, content: Message, courier: Courier): Promise<Delivery> {
  const delivery = await courier.update(place, content);
  for (const copy of row.copies) await courier.update(copy, content);
  return delivery;
}

async function record(row: MessageRow, delivery: Delivery, now: number, deps: DeliveryDeps): Promise<void> {
  const { rows, pace, log, wake } = deps;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** row.failures);
  const again = { state: 'pending', failures: row.failures + 1, lost: row.lost, plain: row.plain } as const;
  switch (delivery.outcome) {
    case 'sent':
      return rows.settle(row.id, { state: 'sent', place: delivery.place, sentVersion: row.version, sentAt: now, failures: 0, lost: row.lost, plain: row.plain }, row.version);
    case 'rate-limited':
      await pace.pause(row.place === undefined ? row.channel : 'chat.update', now + delivery.waitMs);
      return rows.settle(row.id, { ...again, failures: row.failures });
    case 'lost':
      if (row.place === undefined && row.lost > 0) return giveUp(row, 'two answers in a row were lost', deps);
      return rows.settle(row.id, { ...again, lost: row.place === undefined ? row.lost + 1 : row.lost, notBefore: now + wait });
    case 'unavailable':
      return rows.settle(row.id, { ...again, notBefore: now + wait });
    case 'unauthorized':
      log.error({ reason: delivery.reason }, 'Slack refuses the bot token');
      return rows.settle(row.id, { ...again, notBefore: now + TOKEN_WAIT_MS });
    case 'channel-refused':
      if (row.place !== undefined || row.fallbackUser === undefined || row.channel === row.fallbackUser) return giveUp(row, delivery.reason, deps);
      log.warn({ message: row.id, channel: row.channel, reason: delivery.reason }, 'the bot may not post in a channel; the person is told directly');
      await rows.retarget(row.id, row.fallbackUser);
      return wake(row.fallbackUser);
    case 'invalid-blocks':
    case 'gone':
    case 'rejected':
      return giveUp(row, delivery.outcome === 'invalid-blocks' ? delivery.detail : delivery.reason, deps);
  }
}

async function giveUp(row: MessageRow, reason: string, { rows, log }: DeliveryDeps): Promise<void> {
  log.error({ message: row.id, channel: row.channel, reason }, 'a message could not be sent');
  await rows.settle(row.id, { state: 'failed', lost: row.lost });
}
