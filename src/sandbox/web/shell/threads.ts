import type { PageMessage } from '../../slack/page/contract.ts';

/** What stands below the first message of a thread. */
export interface ThreadInfo {
  readonly count: number;
  /** Who replied, in order, each once. */
  readonly authors: readonly string[];
  readonly last: Date;
}

/** `ts` of the first messages of threads, with what was replied. */
export function threadsIn(messages: readonly PageMessage[]): ReadonlyMap<string, ThreadInfo> {
  const threads = new Map<string, ThreadInfo>();
  for (const { threadTs, ts, author } of messages) {
    if (threadTs === undefined || threadTs === ts) continue;
    const before = threads.get(threadTs);
    const authors = before?.authors ?? [];
    threads.set(threadTs, { count: (before?.count ?? 0) + 1, authors: authors.includes(author) ? authors : [...authors, author], last: timeOf(ts) });
  }
  return threads;
}

export function standsInChannel({ threadTs, ts, isBroadcast }: PageMessage): boolean {
  return threadTs === undefined || threadTs === ts || isBroadcast;
}

/** The first message of a thread, if it can be seen, and the replies. */
export function messagesOfThread(messages: readonly PageMessage[], thread: string): readonly PageMessage[] {
  return messages.filter(({ ts, threadTs }) => ts === thread || threadTs === thread);
}

export function timeOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

const PAUSE_MS = 5 * 60_000;

/** Whether a message is shown as going on with the one before it, without a head of its own. */
export function continues(message: PageMessage, before: PageMessage | undefined): boolean {
  if (before?.author !== message.author || before.isEphemeral !== message.isEphemeral || message.isBroadcast) return false;
  return timeOf(message.ts).getTime() - timeOf(before.ts).getTime() < PAUSE_MS;
}
