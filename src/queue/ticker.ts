import { createTask } from 'node-cron';
import type { Clock } from '#src/model/clock.ts';
import type { Queue, QueuedJob } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';
import type { Schedule, Schedules } from '#src/model/schedules.ts';

/** The last tick that was queued for each schedule, kept over restarts. */
export interface TickStore {
  readonly get: (schedule: string) => Promise<Date | undefined>;
  readonly raise: (schedule: string, tick: Date) => Promise<void>;
}

/** A schedule with the job that a tick of it queues. */
export interface TickSource {
  readonly schedule: Schedule;
  readonly jobFor: (due: Date) => Omit<QueuedJob, 'id'>;
}

export interface Ticker {
  /** Queues the latest missed tick of each schedule, then ticks. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A missed tick older than this is not caught up: the next one tells what it would have told. */
const CATCH_UP_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
/** While Redis is away a tick is tried again this often, as long as it would be caught up after a restart. */
const RETRY_MS = 5000;

export interface TickerDeps {
  readonly sources: readonly TickSource[];
  readonly queue: Pick<Queue, 'add'>;
  readonly ticks: TickStore;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Queues a job at each tick of each schedule. Every replica ticks; the job's id holds schedule and tick, so that one job comes of it.
 */
export function createTicker({ sources, queue, ticks, clock, log }: TickerDeps): Ticker {
  const active = sources.filter(({ schedule }) => schedule.cron !== 'off');
  const retries = new Set<NodeJS.Timeout>();
  const queueTick = async (source: TickSource, due: Date): Promise<void> => {
    // The job first: should this process stop in between, the same tick is queued again and its id is taken.
    await queue.add({ ...source.jobFor(due), id: tickId(source.schedule.name, due) });
    await ticks.raise(source.schedule.name, due);
  };
  const tick = async (source: TickSource, due: Date): Promise<void> => {
    try {
      await queueTick(source, due);
    } catch (error) {
      log.warn({ schedule: source.schedule.name, error }, 'a schedule could not queue its job; trying again');
      const timer = setTimeout(() => {
        retries.delete(timer);
        if (clock.now().getTime() - due.getTime() < CATCH_UP_MINUTES * MINUTE_MS) void tick(source, due);
      }, RETRY_MS);
      retries.add(timer);
    }
  };
  const tasks = active.map((source) => {
    const { cron, timeZone } = source.schedule;
    return createTask(cron, ({ date }) => tick(source, atMinute(date)), { timezone: timeZone });
  });
  return {
    async start() {
      for (const source of active) await catchUp(source, ticks, clock, tick);
      for (const task of tasks) await task.start();
    },
    async stop() {
      for (const timer of retries) clearTimeout(timer);
      for (const task of tasks) await task.destroy();
    },
  };
}

/** A schedule that has never ticked is not caught up: it is new. */
async function catchUp(source: TickSource, ticks: TickStore, clock: Clock, tick: (source: TickSource, due: Date) => Promise<void>): Promise<void> {
  const now = clock.now();
  const last = await ticks.get(source.schedule.name);
  if (last === undefined) return ticks.raise(source.schedule.name, atMinute(now));
  const missed = latestDue(source.schedule, now);
  if (missed !== undefined && missed > last) await tick(source, missed);
}

/** The last minute at which a schedule was due, looking back as far as ticks are caught up. */
export function latestDue({ cron, timeZone }: Schedule, now: Date): Date | undefined {
  const task = createTask(cron, () => undefined, { timezone: timeZone });
  const minute = atMinute(now).getTime();
  for (let back = 0; back < CATCH_UP_MINUTES; back += 1) {
    const candidate = new Date(minute - back * MINUTE_MS);
    if (task.match(candidate)) return candidate;
  }
  return undefined;
}

/** Schedules as people ask about them. */
export function createSchedules(sources: readonly TickSource[]): Schedules {
  return {
    all: () => sources.map(({ schedule }) => schedule),
    next: ({ cron, timeZone }, count) => (cron === 'off' ? [] : createTask(cron, () => undefined, { timezone: timeZone }).getNextRuns(count)),
  };
}

function tickId(schedule: string, due: Date): string {
  return `${schedule}-${due.toISOString().replaceAll(/[-:.]/g, '')}`;
}

function atMinute(date: Date): Date {
  return new Date(Math.floor(date.getTime() / MINUTE_MS) * MINUTE_MS);
}
