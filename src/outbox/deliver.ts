import type { Courier, Delivery, OutgoingContent, Place } from '#src/model/courier.ts';
import type { Message } from '#src/blocks/build.ts';
import type { MessageRow, RowPatch } from '#src/model/message-row.ts';
import { contentOf, type ContentDeps } from './content.ts';
import { nextTurn, type TurnDeps } from './turn.ts';

export interface DeliveryDeps extends TurnDeps, ContentDeps {
  readonly courier: Courier;
}

/** Tried again after this long, doubled for each failure in a row. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A refused token is looked at again after this long. */
const TOKEN_WAIT_MS = 30_000;
/** Longer than the calls of one message take; whoever is at it for longer has died. */
const SENDING_MS = { message: 12_000, file: 35_000 } as const;
/** A post whose answer is lost is made once more, and no further time. */
const UNKNOWN_POSTS = 2;

/**
 * Sends a channel what it is due, in order, until nothing more may be sent now.
 *
 * One call at a time for each channel. A process that dies in a call leaves its message as `sending`; whoever comes next sends it
 * once more and counts that it may stand twice.
 *
 * @returns after how many milliseconds to come again; undefined when the channel has everything.
 */
export async function deliver(channel: string, deps: DeliveryDeps, signal: AbortSignal): Promise<number | undefined> {
  for (;;) {
    signal.throwIfAborted();
    const turn = await nextTurn(channel, deps);
    if (turn === undefined || 'waitMs' in turn) return turn?.waitMs;
    await sendRow(turn.row, turn.thread, deps);
  }
}

async function sendRow(row: MessageRow, thread: Place | undefined, deps: DeliveryDeps): Promise<void> {
  const { rows, courier, clock } = deps;
  const diedPosting = row.state === 'sending' && row.place === undefined;
  const known = { ...row, lost: row.lost + (diedPosting ? 1 : 0) };
  if (known.place === undefined && known.lost > 0) {
    if (known.lost >= UNKNOWN_POSTS) return giveUp(known, 'nobody knows what became of two posts of it', deps);
    // While Slack does not answer, the one further post would be wasted.
    if (!(await courier.answers())) return rows.settle(known, { ...again(known), notBefore: clock.now().getTime() + waitMs(known) });
  }
  const content = await contentOf(known, deps);
  if ('rejected' in content) return giveUp(known, content.rejected, deps);
  const taken = await rows.take(known, clock.now().getTime() + SENDING_MS[known.kind]);
  if (taken === undefined) return;
  const { delivery, gone } = await send(taken, content, thread, courier);
  const now = clock.now().getTime();
  if (taken.place === undefined) await deps.pace.posted(taken.channel, now);
  await record(taken, delivery, gone, now, deps);
}

interface Sent {
  readonly delivery: Delivery;
  /** Posts that stand no more. */
  readonly gone: readonly Place[];
}

async function send(row: MessageRow, content: Message | OutgoingContent, thread: Place | undefined, courier: Courier): Promise<Sent> {
  const channel = thread?.channel ?? row.channel;
  if ('blocks' in content) {
    if (row.place !== undefined) return changeAll([row.place, ...row.copies], content, courier);
    return { delivery: await courier.post(channel, content, thread?.ts), gone: [] };
  }
  // A file cannot be changed.
  if (row.place !== undefined) return { delivery: { outcome: 'sent', place: row.place }, gone: [] };
  return { delivery: await courier.upload(channel, content, content.beside ? undefined : thread?.ts), gone: [] };
}

/** Brings every post of a message to the same state. */
async function changeAll(places: readonly Place[], content: Message, courier: Courier): Promise<Sent> {
  const gone: Place[] = [];
  let last: Delivery = { outcome: 'gone', reason: 'it stands nowhere' };
  let standing: Delivery | undefined;
  for (const place of places) {
    last = await courier.update(place, content);
    if (last.outcome === 'gone') gone.push(place);
    else if (last.outcome === 'sent') standing = last;
    else return { delivery: last, gone };
  }
  return { delivery: standing ?? last, gone };
}

async function record(row: MessageRow, delivery: Delivery, gone: readonly Place[], now: number, deps: DeliveryDeps): Promise<void> {
  const { rows, pace, log } = deps;
  const soon = { ...again(row), gone, failures: row.failures };
  const later = { ...again(row), gone, notBefore: now + waitMs(row) };
  switch (delivery.outcome) {
    case 'sent':
      return rows.settle(row, { state: 'sent', found: delivery.place, gone, sentVersion: row.version, sentAt: now, failures: 0, lost: row.lost });
    case 'rate-limited':
      await pace.pause(row.place === undefined ? row.channel : 'chat.update', now + delivery.waitMs);
      return rows.settle(row, soon);
    case 'lost':
      if (row.place !== undefined) return rows.settle(row, later);
      if (row.lost + 1 >= UNKNOWN_POSTS) return giveUp({ ...row, lost: row.lost + 1 }, 'the answers to two posts of it were lost', deps);
      return rows.settle(row, { ...later, lost: row.lost + 1 });
    case 'unavailable':
      return rows.settle(row, later);
    case 'unauthorized':
      log.error({ reason: delivery.reason }, 'Slack refuses the bot token');
      return rows.settle(row, { ...later, notBefore: now + TOKEN_WAIT_MS });
    case 'channel-refused':
      return refusedThere(row, delivery.reason, deps);
    case 'gone':
      return postedAnew(row, delivery.reason, gone, deps);
    case 'invalid-blocks':
      if (row.plain) return giveUp(row, delivery.detail, deps);
      log.error({ message: row.id, detail: delivery.detail }, 'Slack refused the blocks of a message; its text is sent alone');
      return rows.settle(row, { ...soon, plain: true });
    case 'rejected':
      return giveUp(row, delivery.reason, deps);
  }
}

/** The person whom it concerns is told directly. */
async function refusedThere(row: MessageRow, reason: string, deps: DeliveryDeps): Promise<void> {
  const { id, channel, place, fallbackUser } = row;
  if (place !== undefined || fallbackUser === undefined || channel === fallbackUser) return giveUp(row, reason, deps);
  deps.log.warn({ message: id, channel, reason }, 'the bot may not post in a channel; the person is told directly');
  await deps.rows.retarget(row, fallbackUser);
  await deps.wake(fallbackUser);
}

/** Somebody has deleted it, or it may not be changed any more: a result is posted anew, because it must arrive; progress is not. */
async function postedAnew(row: MessageRow, reason: string, gone: readonly Place[], { rows, log }: DeliveryDeps): Promise<void> {
  log.info({ message: row.id, channel: row.channel, reason }, 'a message cannot be changed any more');
  const wanted = row.place !== undefined && row.urgency !== 'progress';
  return rows.settle(row, wanted ? { ...again(row), gone, failures: 0 } : { state: 'failed', lost: row.lost });
}

async function giveUp(row: MessageRow, reason: string, { rows, log }: DeliveryDeps): Promise<void> {
  log.error({ message: row.id, channel: row.channel, reason }, 'a message could not be sent');
  await rows.settle(row, { state: 'failed', lost: row.lost });
}

function again({ failures, lost }: MessageRow): RowPatch & { readonly state: 'pending' } {
  return { state: 'pending', failures: failures + 1, lost, notBefore: 0 };
}

function waitMs({ failures }: MessageRow): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}
