import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { BatchJudge, JudgedBatch } from '#src/events/judge-batch.ts';
import type { ActivityStore } from '#src/model/activity.ts';
import type { Clock } from '#src/model/clock.ts';
import type { EventBatch, EventInbox } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';
import { createSeldom } from '#src/model/seldom.ts';
import type { SelfTests } from '#src/model/self-test.ts';
import type { ConnectionStage } from './connections.ts';
import { keepHolding } from './keep-holding.ts';
import type { Teller } from './tell.ts';

export interface EventWorkNeeds {
  readonly cluster: string;
  readonly inbox: EventInbox;
  readonly activity: Pick<ActivityStore, 'add'>;
  /** Begins anew, with nothing seen yet; it is shown what was settled of late. */
  readonly beginJudge: () => BatchJudge;
  readonly connections: ConnectionStage;
  readonly selfTests: Pick<SelfTests, 'came'>;
  readonly tell: Teller;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait when there is nothing to do, or before something is tried again. */
  readonly pauseMs?: number;
  /** After the death of its process, a cluster's events are taken over within this time. */
  readonly holdMs?: number;
}

export interface EventWork {
  /** Finishes the batch that it has; another process goes on with the next. */
  readonly stop: () => Promise<void>;
}

const PAUSE_MS = 500;
const HOLD_MS = 15_000;
/** A batch whose effects fail so often is counted as lost, so that it does not keep all others from being seen. */
const ATTEMPTS = 5;
/** What cannot be read is logged so often at most. */
const SAMPLE_MS = 60_000;

/**
 * Works through the batches of one cluster: a batch is settled after its effects are recorded, and each of these has an effect once.
 *
 * Of several processes one has the cluster at a time.
 */
export function startEventWork(needs: EventWorkNeeds): EventWork {
  const { cluster, inbox, log, pauseMs = PAUSE_MS, holdMs = HOLD_MS } = needs;
  const owner = randomUUID();
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = () => wait(pauseMs, undefined, { signal }).catch(() => undefined);
  const hold = () => inbox.hold(cluster, owner, holdMs);
  const sample = createSampler(needs);
  let judge: BatchJudge | undefined;

  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const isMine = await hold();
        // Whoever had it meanwhile has seen what this one has not.
        if (!isMine) judge = undefined;
        const batch = isMine ? await inbox.next(cluster) : undefined;
        if (batch === undefined) {
          await needs.connections.rest();
          await pause();
          continue;
        }
        const holding = keepHolding(hold, holdMs);
        try {
          judge ??= await beginAgain(needs, signal);
          if (!(await handle(batch, judge, { ...needs, sample, hold, isStillMine: holding.isStillMine, pause, signal }))) judge = undefined;
        } finally {
          await holding.stop();
        }
      } catch (error) {
        // It may have seen a batch of which nothing is recorded, and would take it for a repeat.
        judge = undefined;
        if (!stopping.signal.aborted) log.warn({ cluster, error }, 'events could not be worked on; trying again');
        await pause();
      }
    }
    await needs.connections.stop();
    await inbox.release(cluster, owner).catch((error: unknown) => log.debug({ cluster, error }, 'events were not handed over; their hold runs out'));
  };

  const ended = work();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** A judge that knows what was settled of late, so that a burst which began before the death of a process is one all the same. */
async function beginAgain({ cluster, inbox, beginJudge, log }: EventWorkNeeds, signal: AbortSignal): Promise<BatchJudge> {
  const judge = beginJudge();
  for await (const batch of inbox.ofLate(cluster)) {
    signal.throwIfAborted();
    try {
      judge(batch);
    } catch (error) {
      log.debug({ cluster, feed: batch.feed, error }, 'a batch that counted as lost cannot be judged now either');
    }
  }
  return judge;
}

type Handling = EventWorkNeeds & { readonly sample: Sampler; readonly hold: () => Promise<boolean>; readonly isStillMine: () => boolean; readonly pause: () => Promise<unknown>; readonly signal: AbortSignal };

/** Judges once, because the judge remembers what it has seen, and records until it succeeds. False when another process has taken over. */
async function handle(batch: EventBatch, judge: BatchJudge, handling: Handling): Promise<boolean> {
  const { cluster, inbox, log, sample, hold, isStillMine, pause, signal } = handling;
  const judged = judgedOf(batch, judge, handling);
  sample(batch, judged);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const missed = await record(judged, handling);
      if (!isStillMine()) return false;
      await inbox.settle(cluster, batch, { events: judged.events, malformed: judged.malformed.length, lost: judged.lost + missed });
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn({ cluster, feed: batch.feed, attempt, error }, 'what events say could not be recorded');
      if (attempt < ATTEMPTS) await pause();
      else break;
    }
    if (!(await hold())) return false;
  }
  log.error({ cluster, feed: batch.feed, events: judged.events }, 'a batch of events was given up and counts as lost');
  await inbox.settle(cluster, batch, { events: judged.events, malformed: judged.malformed.length, lost: judged.lost + 1 });
  return true;
}

/** What cannot be judged is lost, and must not keep what comes after it from being seen. */
function judgedOf(batch: EventBatch, judge: BatchJudge, { cluster, log }: Handling): JudgedBatch {
  try {
    return judge(batch);
  } catch (error) {
    log.error({ cluster, feed: batch.feed, error }, 'a batch of events could not be judged and counts as lost');
    return judge({ ...batch, text: undefined });
  }
}

/** Who was seen counts before what they did is settled: a day that counts as watched must not miss anybody. */
async function record(judged: JudgedBatch, { cluster, activity, connections, selfTests, tell, clock }: Handling): Promise<number> {
  await selfTests.came(cluster, judged.marks, clock.now().getTime());
  const contacts = await connections.see(judged.flows);
  await tell([...judged.alarms, ...contacts]);
  return activity.add(cluster, judged.activity);
}

type Sampler = (batch: EventBatch, judged: JudgedBatch) => void;

/** One of a kind stands for all: the counts are in the status, and logs are no place for payloads. */
function createSampler({ cluster, clock, log }: EventWorkNeeds): Sampler {
  const isDue = createSeldom(clock, SAMPLE_MS);
  return ({ feed }, { malformed: [piece], undecided: [reason] }) => {
    if (piece !== undefined && isDue(`${feed} read`)) log.warn({ cluster, feed, reason: piece.slice(0, 100) }, 'events could not be read');
    if (reason !== undefined && isDue(`${feed} judged`)) log.info({ cluster, feed, reason: reason.slice(0, 200) }, 'events could not be judged');
  };
}
