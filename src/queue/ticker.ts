import { createTask, type ScheduledTask } from 'node-cron';
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
/** While Redis is away a tick is tried again this often. */
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
 *
 * Of several missed ticks, whether the process was down, asleep or without Redis, only the latest is queued.
 */
export function createTicker(deps: TickerDeps): Ticker {
  const { sources, ticks, clock, log } = deps;
  const latest = new Map<TickSource, Date>();
  const retries = new Map<TickSource, NodeJS.Timeout>();
  let isStopped = false;
  const tick = async (source: TickSource, due: Date): Promise<void> => {
    latest.set(source, due);
    clearTimeout(retries.get(source));
    try {
      // A patient connection answers this when Redis is back; by then another tick may have taken the place of this one.
      const last = await ticks.get(source.schedule.name);
      if (latest.get(source) === due && !(last !== undefined && last >= due)) await queueTick(source, due, deps);
    } catch (error) {
      log.warn({ schedule: source.schedule.name, error }, 'a schedule could not queue its job; trying again');
      const isLate = clock.now().getTime() - due.getTime() >= CATCH_UP_MINUTES * MINUTE_MS;
      if (isStopped || isLate || latest.get(source) !== due) return;
      retries.set(source, setTimeout(() => void tick(source, due), RETRY_MS));
    }
  };
  const active = sources.filter(({ schedule }) => schedule.cron !== 'off');
  const tasks = active.map((source) => taskFor(source.schedule, (due) => void tick(source, due)));
  return {
    async start() {
      for (const source of active) {
        const missed = await missedTick(source.schedule, deps);
        if (missed !== undefined) await tick(source, missed);
      }
      for (const task of tasks) await task.start();
    },
    async stop() {
      isStopped = true;
      for (const task of tasks) await task.destroy();
      for (const timer of retries.values()) clearTimeout(timer);
    },
  };
}

async function queueTick({ schedule, jobFor }: TickSource, due: Date, { queue, ticks }: TickerDeps): Promise<void> {
  // The job first: should this process stop in between, the same tick is queued again and its id is taken.
  await queue.add({ ...jobFor(due), id: tickId(schedule.name, due) });
  await ticks.raise(schedule.name, due);
}

/** The tick that nobody queued while no process ran. A schedule that has never ticked is new, and has missed none. */
async function missedTick(schedule: Schedule, { ticks, clock }: TickerDeps): Promise<Date | undefined> {
  const now = clock.now();
  const last = await ticks.get(schedule.name);
  if (last === undefined) {
    await ticks.raise(schedule.name, atMinute(now));
    return undefined;
  }
  const due = latestDue(schedule, now);
  return due !== undefined && due > last ? due : undefined;
}

/** The last minute at which a schedule was due, looking back as far as ticks are caught up. */
export function latestDue(schedule: Schedule, now: Date): Date | undefined {
  const minute = atMinute(now).getTime();
  return withTask(schedule, (task) => {
    for (let back = 0; back < CATCH_UP_MINUTES; back += 1) {
      const candidate = new Date(minute - back * MINUTE_MS);
      if (task.match(candidate)) return candidate;
    }
    return undefined;
  });
}

/** Schedules as people ask about them. */
export function createSchedules(sources: readonly TickSource[]): Schedules {
  return {
    all: () => sources.map(({ schedule }) => schedule),
    next: (schedule, count) => (schedule.cron === 'off' ? [] : withTask(schedule, (task) => task.getNextRuns(count))),
  };
}

/** By itself node-cron drops a tick that is more than a second late, as after a sleep of the machine. */
function taskFor({ cron, timeZone }: Schedule, onTick: (due: Date) => void): ScheduledTask {
  const options = { timezone: timeZone, missedExecutionTolerance: CATCH_UP_MINUTES * MINUTE_MS, suppressMissedWarning: true };
  return createTask(cron, ({ date }) => onTick(atMinute(date)), options);
}

/** node-cron remembers every task until it is destroyed. */
function withTask<T>(schedule: Schedule, use: (task: ScheduledTask) => T): T {
  const task = taskFor(schedule, () => undefined);
  try {
    return use(task);
  } finally {
    void task.destroy();
  }
}

function tickId(schedule: string, due: Date): string {
  return `${schedule}-${due.toISOString().replaceAll(/[-:.]/g, '')}`;
}

function atMinute(date: Date): Date {
  return new Date(Math.floor(date.getTime() / MINUTE_MS) * MINUTE_MS);
}
