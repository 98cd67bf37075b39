/** A job that the clock starts. */
export interface Schedule {
  /** Lasting identity in Redis: renaming it forgets when it last ran. */
  readonly name: string;
  /** What runs, for people. */
  readonly text: string;
  /** Cron expression of five fields, or `off`. */
  readonly cron: string;
  readonly timeZone: string;
}

export interface Schedules {
  readonly all: () => readonly Schedule[];
  /** The next times, soonest first; none when it is off. */
  readonly next: (schedule: Schedule, count: number) => readonly Date[];
}
