import { activityOf, activityWithin, coverageOf } from '#src/events/activity.ts';
import { UNWATCHED, type ActivityStore, type ActivityView } from '#src/model/activity.ts';
import type { Clock } from '#src/model/clock.ts';
import { feedsOf, type EventSettings } from '#src/model/event-intake.ts';

const DAY_MS = 24 * 3600_000;

export interface ViewNeeds {
  readonly events: readonly EventSettings[];
  readonly store: Pick<ActivityStore, 'read' | 'readAll'>;
  readonly clock: Clock;
  /** Of the window in which somebody who was not seen counts as inactive. */
  readonly days: number;
}

/** Who was seen in the clusters whose audit log comes in. */
export function createActivityView({ events, store, clock, days }: ViewNeeds): ActivityView {
  const watched = new Set(events.filter((settings) => feedsOf(settings).includes('audit')).map(({ cluster }) => cluster));
  const daysUntil = (untilMs: number) => Array.from({ length: days + 1 }, (_, back) => new Date(untilMs - back * DAY_MS).toISOString().slice(0, 10));
  return {
    async of(cluster, user) {
      if (!watched.has(cluster)) return UNWATCHED.of(user);
      const untilMs = clock.now().getTime();
      return activityOf(await store.read(cluster, user, daysUntil(untilMs)), user, { untilMs, days });
    },
    async ofAll(cluster) {
      if (!watched.has(cluster)) return UNWATCHED;
      const untilMs = clock.now().getTime();
      const state = await store.readAll(cluster, daysUntil(untilMs));
      const coverage = coverageOf(state, { untilMs, days });
      return { coverage, of: (user) => activityWithin(state, user, coverage) };
    },
  };
}
