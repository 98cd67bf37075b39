import { NO_AUDIT_LOG } from '#src/model/known-uses.ts';
import type { ActivityCoverage, ActivityView } from '#src/model/activity.ts';
import type { KnownUsers } from '#src/model/known-users.ts';
import type { People } from '#src/model/people-service.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { createMatcher } from './match.ts';
import { matchOf } from './person-access.ts';
import { standingOf } from './review.ts';

export interface KnownUsersNeeds {
  readonly people: Pick<People, 'isConfigured' | 'all' | 'health'>;
  readonly activity: Pick<ActivityView, 'ofAll'>;
  readonly settings: AccessSettings;
  readonly now: Date;
}

/** What is known of the users of one cluster, for its scan; undefined where no source of people is configured. */
export async function readKnownUsers(cluster: string, { people, activity, settings, now }: KnownUsersNeeds): Promise<KnownUsers | undefined> {
  if (!people.isConfigured) return undefined;
  const [everybody, health, seen] = await Promise.all([people.all(), people.health(), activity.ofAll(cluster)]);
  const matcher = createMatcher(everybody, settings);
  const peopleGap = peopleGapOf(health);
  const watchGap = watchGapOf(seen.coverage);
  return {
    ...(peopleGap !== undefined && { peopleGap }),
    ...(watchGap !== undefined && { watchGap }),
    windowDays: settings.inactiveDays,
    standingOf: (user, arns) => standingOf({ user, match: matchOf(user, arns, matcher) }, seen.of(user), { settings, now }),
  };
}

/** The same text from scan to scan, however long the trouble lasts; `/k8ssec status` says what it is. */
function peopleGapOf(health: Awaited<ReturnType<People['health']>>): string | undefined {
  const silent = health.flatMap(({ source, ok }) => (ok ? [] : [source]));
  if (silent.length === 0) return undefined;
  return silent.length === 1 ? `the source of people ${silent[0] ?? ''} cannot be used` : `the sources of people ${silent.join(', ')} cannot be used`;
}

/** Why not having been seen says nothing. */
export function watchGapOf(coverage: ActivityCoverage): string | undefined {
  if (coverage === 'complete') return undefined;
  if (coverage === 'writes-only') return 'the audit log leaves out requests that only read';
  return coverage === 'none' ? NO_AUDIT_LOG : `the audit log was watched on ${coverage.observedDays} of ${coverage.ofDays} days`;
}
