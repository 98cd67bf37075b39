import { watchedSince } from '#src/events/activity.ts';
import type { Detected } from '#src/events/detect.ts';
import { detection as firstAddress } from '#src/events/detections/connections/first-api-source-address/detection.ts';
import type { ActivityStore } from '#src/model/activity.ts';
import type { Clock } from '#src/model/clock.ts';
import type { FirstUses } from '#src/store/first-uses.ts';

export interface FirstUseNeeds {
  readonly cluster: string;
  readonly uses: FirstUses;
  readonly activity: Pick<ActivityStore, 'read'>;
  readonly clock: Clock;
}

/** Leaves out the alarms about what is usual. The same alarms again pass as they did before. */
export type FirstUseGate = (alarms: readonly Detected[]) => Promise<readonly Detected[]>;

const DAY_MS = 24 * 3600_000;
/** So long is learned what is usual; only minutes count in which something came in. */
const LEARN_MINUTES = 24 * 60;
/** For so many days it is known how they were watched. */
const KNOWN_DAYS = 400;

/** Lets an address of the API server's clients pass once for each user and network, and none while the cluster is learned. */
export function createFirstUseGate({ cluster, uses, activity, clock }: FirstUseNeeds): FirstUseGate {
  let sinceMs: number | undefined;
  let isLearned = false;
  const learned = async (since: number, nowMs: number): Promise<boolean> => {
    const days = Math.min(KNOWN_DAYS, Math.floor(nowMs / DAY_MS) - Math.floor(since / DAY_MS) + 1);
    const names = Array.from({ length: days }, (_, index) => new Date(nowMs - index * DAY_MS).toISOString().slice(0, 10));
    return watchedSince(await activity.read(cluster, '', names), since) >= LEARN_MINUTES;
  };
  return async (alarms) => {
    const nowMs = clock.now().getTime();
    // Learning begins with the first events, not with the first that is unusual.
    sinceMs ??= await uses.since(cluster, nowMs);
    const candidates = alarms.filter(({ detection }) => detection === firstAddress.id);
    if (candidates.length === 0) return alarms;
    isLearned ||= await learned(sinceMs, nowMs);
    const first = await uses.add(cluster, candidates.map(({ group, fingerprint }) => ({ name: group, fingerprint })), { nowMs, isLearning: !isLearned });
    const usual = new Set(candidates.filter((_, index) => first[index] !== true));
    return alarms.filter((alarm) => !usual.has(alarm));
  };
}
