import { activityOf, activityWithin, coverageOf } from '#src/events/activity.ts';
import { UNWATCHED, type ActivityStore, type ActivityView } from '#src/model/activity.ts';
import type { Clock } from '#src/model/clock.ts';
import { feedsOf, type EventSettings } from '#src/model/event-intake.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { knownUsesOf } from './known-uses.ts';

const DAY_MS = 24 * 3600_000;

export interface ViewNeeds {
  readonly events: readonly EventSettings[];
  readonly store: Pick<ActivityStore, 'read' | 'readAll' | 'readUses'>;
  readonly clock: Clock;
  readonly access: Pick<AccessSettings, 'inactiveDays' | 'exempt' | 'aliases' | 'usernamePrefix'>;
}

/** Who was seen in the clusters whose audit log comes in. */
export function createActivityView({ events, store, clock, access }: ViewNeeds): ActivityView {
  const days = access.inactiveDays;
  const proxies = proxiesOf(access);
  const watched = new Set(events.filter((settings) => feedsOf(settings).includes('audit')).map(({ cluster }) => cluster));
  const daysUntil = (untilMs: number) => Array.from({ length: days + 1 }, (_, back) => new Date(untilMs - back * DAY_MS).toISOString().slice(0, 10));
  return {
    async of(cluster, user) {
      if (!watched.has(cluster)) return UNWATCHED.of(user);
      const untilMs = clock.now().getTime();
      return activityOf(await store.read(cluster, user, daysUntil(untilMs), proxies), user, { untilMs, days });
    },
    async ofAll(cluster) {
      if (!watched.has(cluster)) return UNWATCHED;
      const untilMs = clock.now().getTime();
      const state = await store.readAll(cluster, daysUntil(untilMs), proxies);
      const coverage = coverageOf(state, { untilMs, days });
      return { coverage, of: (user) => activityWithin(state, user, coverage) };
    },
    async usesOf(cluster) {
      if (!watched.has(cluster)) return undefined;
      const untilMs = clock.now().getTime();
      return knownUsesOf(await store.readUses(cluster, daysUntil(untilMs)), { untilMs, days });
    },
  };
}

/** Users of services, as they stand in the configuration. People may be behind them: whomever a service acts as is there themselves. Names may stand there without the prefix. */
function proxiesOf({ exempt, aliases, usernamePrefix }: ViewNeeds['access']): readonly string[] {
  const named = new Set(exempt.flatMap((name) => [name, `${usernamePrefix}${name}`]));
  return [...named, ...[...aliases].flatMap(([user, person]) => (person === '-' ? [user] : []))];
}
