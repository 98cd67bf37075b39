import { randomBytes } from 'node:crypto';
import { durationText } from '#src/blocks/text.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { Log } from '#src/model/log.ts';
import type { SelfTest, SelfTests } from '#src/model/self-test.ts';
import { startHeldLoop, type HeldLoop, type HeldLoopNeeds } from './held-loop.ts';

export interface SelfTesterNeeds {
  readonly cluster: string;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly tests: Pick<SelfTests, 'of' | 'announce' | 'left'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Leaves a mark in the audit log of a cluster from time to time, and tells what is known of those that were left. */
export type SelfTester = (signal: AbortSignal) => Promise<SelfTest>;

const EVERY_MS = 15 * 60_000;
const PAUSE_MS = 60_000;
/** Other looks must not wait for a cluster that does not answer. */
const LEAVE_MS = 10_000;
const MARK_BYTES = 16;
/** When that many minutes of marks are missing, at least three are. */
const MISSING_MS = 60 * 60_000;
/** What came of another cluster comes again with its next mark, while it comes at all. */
const FOREIGN_MS = 60 * 60_000;

export function createSelfTester({ cluster, clusters, tests, clock, log }: SelfTesterNeeds): SelfTester {
  const leave = async (signal: AbortSignal): Promise<void> => {
    const mark = randomBytes(MARK_BYTES).toString('hex');
    const opened = await clusters.open(cluster, signal);
    try {
      await tests.announce(cluster, mark);
      await opened.leaveMark(mark, signal);
    } finally {
      opened.close();
    }
    await tests.left(cluster, clock.now().getTime());
  };
  return async (signal) => {
    const { leftMs = -Infinity } = await tests.of(cluster);
    if (clock.now().getTime() - leftMs >= EVERY_MS) {
      // What could not be left is not missed. Whether the API server answers is told elsewhere.
      await leave(AbortSignal.any([signal, AbortSignal.timeout(LEAVE_MS)])).catch((error: unknown) => log.debug({ cluster, error }, 'no mark could be left in the audit log; trying again'));
    }
    return tests.of(cluster);
  };
}

/** Leaves marks in the audit log of a cluster that has no feed of its own, so that it is found out when that log comes by the feed of another one. */
export function startMarking({ inbox, ...needs }: SelfTesterNeeds & Pick<HeldLoopNeeds, 'inbox'>): HeldLoop {
  const { cluster, log } = needs;
  const selfTest = createSelfTester(needs);
  return startHeldLoop({
    name: `${cluster}/marks`,
    inbox,
    pauseMs: PAUSE_MS,
    async step(signal) {
      await selfTest(signal);
      return false;
    },
    onFault: (error) => log.debug({ cluster, error }, 'nobody knows when the last mark was left in the audit log; trying again'),
    onReleaseFault: (error) => log.debug({ cluster, error }, 'leaving marks was not handed over; its hold runs out'),
  });
}

/** What was told, so that it is told once: of marks that are missing since a moment, and of another cluster on a day. */
export interface ToldOfMarks {
  readonly missingSinceMs?: number;
  readonly foreign?: { readonly cluster: string; readonly day: string };
}

interface Watched {
  readonly now: number;
  /** Since when events have come without a long break, and the bot was there to see it. */
  readonly sinceMs: number;
  readonly told: ToldOfMarks | undefined;
}

/** What is wrong with the marks of a feed by which events come, and was not told so far. Where none ever came back, the log may leave them out. */
export function troubleOf({ backMs, missingSinceMs, foreign }: SelfTest, { now, sinceMs, told }: Watched): ToldOfMarks {
  const isMissing = backMs !== undefined && missingSinceMs !== undefined && now - Math.max(missingSinceMs, sinceMs) >= MISSING_MS && told?.missingSinceMs !== missingSinceMs;
  const day = new Date(now).toISOString().slice(0, 10);
  const isForeign = foreign !== undefined && now - foreign.atMs < FOREIGN_MS && (told?.foreign?.cluster !== foreign.cluster || told.foreign.day !== day);
  return { ...(isMissing && { missingSinceMs }), ...(isForeign && { foreign: { cluster: foreign.cluster, day } }) };
}

/** For the status: whether what the bot asks for in the cluster comes back. Nothing is known before a mark had the time to. */
export function marksHealth({ leftMs, backMs, missingSinceMs, foreign }: SelfTest, now: Date): { readonly text?: string; readonly fault?: string } {
  const nowMs = now.getTime();
  if (foreign !== undefined && nowMs - foreign.atMs < FOREIGN_MS) return { fault: `has requests that the bot made in ${foreign.cluster}` };
  const missingMs = missingSinceMs === undefined ? 0 : nowMs - missingSinceMs;
  if (backMs !== undefined) return missingMs < MISSING_MS ? { text: 'the bot’s own requests come back' } : { fault: `the bot’s own requests have not come back for ${durationText(missingMs)}` };
  return leftMs !== undefined && missingMs >= MISSING_MS ? { text: 'the bot’s own requests are not in it, so that nobody knows whether all others are' } : {};
}
