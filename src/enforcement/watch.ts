import type { Plan } from '#src/model/plan.ts';
import { OBSERVED_WITHIN_MS, type Observed } from '#src/model/request.ts';

/** An effect is taken back when more observations of others are dropped than this, and than so many times the hour before. */
const MOST_DROPS = 10;
const TIMES_BEFORE = 5;
/** Others that are named when an effect is taken back. */
const NAMED = 3;

/** A load balancer takes minutes to follow a change of its Service; what comes in until then shows nothing. */
export const SETTLE_MS = 5 * 60_000;
/** When silence is judged, before the time is over. */
const JUDGED_MS = OBSERVED_WITHIN_MS - 60_000;
/** For so long it has to be silent. */
export const QUIET_MS = JUDGED_MS - SETTLE_MS;
/** Of what comes in at random, so many expected and none seen is chance once in a hundred times. */
const LEAST_EXPECTED = 5;

/** What is watched for after a policy of the network was changed. Plain data, so that another process can go on with it. */
export interface Watch {
  readonly appliedAt: string;
  readonly expect: NonNullable<Plan['traffic']>;
  /** How often what is to be gone would be seen in `QUIET_MS`, if it went on as before; 0 where nobody can tell. */
  readonly expected: number;
  /** Drops by policy of other connections of the workload in the hour before. */
  readonly dropsBefore: number;
  /** Pods that were available; undefined where nobody could tell. */
  readonly availableBefore: number | undefined;
  /** Drops of others since, by where they led: `api.example.com:443`. */
  readonly drops: Readonly<Record<string, number>>;
  readonly state: Observed['state'];
}

/** One thing that was seen after the change. */
export type Sight =
  /** Of the connection that the change is about, or of another one of the same workload. `policy` is true for what a policy dropped. */
  | { readonly type: 'flow'; readonly at: string; readonly isSubject: boolean; readonly verdict: 'forwarded' | 'dropped'; readonly policy: boolean; readonly remote: string; readonly count: number }
  /** Of the workload: pods that are available, of those that it is meant to have now. */
  | { readonly type: 'available'; readonly at: string; readonly pods: number; readonly wanted: number }
  /** Nothing but that time has passed. */
  | { readonly type: 'time'; readonly at: string };

export function newWatch(start: Pick<Watch, 'appliedAt' | 'expect' | 'expected' | 'dropsBefore' | 'availableBefore'>): Watch {
  return { ...start, drops: {}, state: 'waiting' };
}

/**
 * What a sight makes of the watch, and what is to be said of it, if that is new. What was seen before the change, and after the time of
 * watching, shows nothing. Without traffic the effect is never called proven; one that is proven can still turn out to do harm.
 */
export function watchStep(watch: Watch, sight: Sight): { readonly watch: Watch; readonly observed?: Observed } {
  const { appliedAt, state } = watch;
  const sinceMs = Date.parse(sight.at) - Date.parse(appliedAt);
  if (state === 'rolled-back' || state === 'unproven' || sinceMs < 0) return { watch };
  if (sinceMs > OBSERVED_WITHIN_MS) return state === 'waiting' ? told(watch, 'unproven', sight.at, `${watch.expect === 'gone' ? 'no traffic has shown it' : 'no traffic was seen'} in ${OBSERVED_WITHIN_MS / 60_000} minutes`) : { watch };
  if (sight.type === 'flow' && sight.isSubject) return watch.expect === 'gone' && sight.verdict === 'forwarded' ? stillThere(watch, sight, sinceMs) : withSubject(watch, sight);
  const next = sight.type === 'time' ? { watch } : sight.type === 'available' ? withAvailable(watch, sight) : withOther(watch, sight);
  const isSilent = watch.expect === 'gone' && state === 'waiting' && next.watch.state === 'waiting' && sinceMs >= JUDGED_MS && watch.expected >= LEAST_EXPECTED;
  return isSilent ? told(next.watch, 'proven', sight.at, `not seen for ${QUIET_MS / 60_000} minutes, and before about ${Math.round(watch.expected)} times in as long`) : next;
}

function stillThere(watch: Watch, { at }: Sight, sinceMs: number) {
  if (watch.state !== 'waiting' || sinceMs <= SETTLE_MS) return { watch };
  return told(watch, 'unproven', at, `it still came in ${Math.floor(sinceMs / 60_000)} minutes after the change: the load balancer does not act on source ranges, or lets it in by one that stays`);
}

/** A workload that is made smaller on purpose comes to no harm by it. */
function withAvailable(watch: Watch, { pods, wanted, at }: Extract<Sight, { readonly type: 'available' }>) {
  const { availableBefore } = watch;
  if (availableBefore === undefined || pods >= Math.min(availableBefore, wanted)) return { watch };
  return told(watch, 'rolled-back', at, `${pods} of its pods ${pods === 1 ? 'is' : 'are'} available after the change, and ${availableBefore} were before`);
}

function withSubject(watch: Watch, { verdict, policy, at }: Extract<Sight, { readonly type: 'flow' }>) {
  const isProof = verdict === (watch.expect === 'forwarded' ? 'forwarded' : 'dropped') && (verdict === 'forwarded' || policy);
  if (!isProof || watch.state !== 'waiting') return { watch };
  return told(watch, 'proven', at, verdict === 'dropped' ? 'drops seen' : 'traffic passes');
}

function withOther(watch: Watch, { verdict, policy, remote, count, at }: Extract<Sight, { readonly type: 'flow' }>) {
  if (verdict !== 'dropped' || !policy) return { watch };
  const drops = { ...watch.drops, [remote]: (watch.drops[remote] ?? 0) + count };
  const total = Object.values(drops).reduce((sum, each) => sum + each, 0);
  const next = { ...watch, drops };
  if (total <= Math.max(MOST_DROPS, TIMES_BEFORE * watch.dropsBefore)) return { watch: next };
  return told(next, 'rolled-back', at, `${total} drops to ${whereOf(Object.keys(drops))} after the change`);
}

function whereOf(remotes: readonly string[]): string {
  const more = remotes.length > NAMED ? ` and ${remotes.length - NAMED} more` : '';
  return `${remotes.slice(0, NAMED).join(', ')}${more}`;
}

function told(watch: Watch, state: Observed['state'], at: string, text: string): { readonly watch: Watch; readonly observed: Observed } {
  return { watch: { ...watch, state }, observed: { state, at, text } };
}
