import type { AllowEntry, ConnectedWorkload, ConnectionSettings, ConnectionStart, ConnectionStore, Sighting } from '#src/model/connection.ts';
import { keyText, workloadKey } from '#src/model/connection-key.ts';
import type { ConnectionWatch } from '#src/model/connection-watch.ts';
import type { Flow } from '#src/model/flow.ts';
import { allowedBy, decisionBy, type LabelsOf } from './allowlist.ts';
import { createClassifier, type ClusterRanges } from './classify.ts';
import { createDecided, type DecidedNeeds } from './decided.ts';
import { createFingerprints, type Fingerprints } from './fingerprints.ts';
import { createLearning } from './learning.ts';
import { createNameMemory } from './remote.ts';
import { learnNames, podsToFind, profiledWorkload, sightOf, type SightNeeds } from './sight.ts';

/** Knows whose pods they are. */
export interface PodOwners {
  /** Looks up those that are not known yet; some may stay unknown. */
  readonly find: (pods: readonly NonNullable<Flow['source']['pod']>[]) => Promise<void>;
  readonly ownerOf: (pod: NonNullable<Flow['source']['pod']>) => ConnectedWorkload | undefined;
}

export interface ObserverNeeds extends DecidedNeeds {
  readonly store: DecidedNeeds['store'] & Pick<ConnectionStore, 'see'>;
  readonly watch: Pick<ConnectionWatch, 'seenUntil' | 'begin' | 'endLearning' | 'countUntold'>;
  /** The same object as long as nothing has changed. */
  readonly ranges: () => Promise<ClusterRanges>;
  readonly owners: PodOwners;
  /** There may be something to ask about: new connections, or workloads that are not learned any more. */
  readonly onNew: (cluster: string) => Promise<void>;
  /** Is shown each flow that has its moment, with the connection that it was found to be. */
  readonly note?: (flow: Flow, sighting: Sighting | undefined) => void;
  readonly fingerprints?: Fingerprints;
}

/** What of a batch is to be told at once. */
export interface ObservedBatch {
  /** What was denied and seen, each connection once. */
  readonly denied: readonly Sighting[];
  /** The latest of each workload that found no room, because it has too many connections, and that the allowlist does not cover. */
  readonly crowded: readonly Sighting[];
}

/** Records the connections of one cluster, one batch of flows after the other. */
export interface ConnectionObserver {
  /** What is new is recorded when it answers; counts of what is known follow within a second, or with `rest`. */
  readonly observe: (flows: readonly Flow[]) => Promise<ObservedBatch>;
  /** Records what is still to be counted, and goes on with what is done part by part. */
  readonly rest: () => Promise<void>;
}

/** What is counted as not recorded because its workload has too many connections. */
export const CROWDED = 'too many of one workload';
/** Counts of what is known wait so long at most, and for so many keys. */
const LAG_MS = 1000;
const MOST_WAITING = 2000;
/** Workloads whose labels are looked up at the same time. */
const LOOKUPS = 20;

export function createConnectionObserver(needs: ObserverNeeds): ConnectionObserver {
  const { settings, store, watch, owners, onNew, clock } = needs;
  const { cluster } = settings;
  const seen = needs.fingerprints ?? createFingerprints();
  const names = createNameMemory();
  const place = createPlacing(needs);
  const learning = createLearning(settings, watch);
  const decided = createDecided(needs);
  const waiting = new Map<string, Sighting>();
  const untold = new Map<string, number>();
  const roomless = new Map<string, Sighting>();
  let recordedMs = 0;
  /** There may be something to ask about of which `onNew` was not told. */
  let isAskDue = false;

  const allowed = async (sightings: readonly Sighting[], labelsOf: LabelsOf): Promise<ReadonlyMap<Sighting, AllowEntry | undefined>> => {
    const found: (readonly [Sighting, AllowEntry | undefined])[] = [];
    for (let index = 0; index < sightings.length; index += LOOKUPS) {
      found.push(...(await Promise.all(sightings.slice(index, index + LOOKUPS).map(async (sighting) => [sighting, await allowedBy(sighting, decided.entries(), settings, clock.now(), labelsOf)] as const))));
    }
    return new Map(found);
  };
  const record = async (sightings: readonly Sighting[], labelsOf: LabelsOf): Promise<void> => {
    if (sightings.length === 0) return;
    const entries = await allowed(sightings, labelsOf);
    const start = (sighting: Sighting): ConnectionStart => {
      const entry = entries.get(sighting);
      if (entry !== undefined) return { state: 'approved', decision: decisionBy(entry, clock.now()) };
      return { state: learning.isLearning(sighting.key.workload) ? 'learned' : 'new' };
    };
    await learning.begin(sightings.map(({ key }) => key.workload));
    const wasAskDue = isAskDue;
    // What was recorded by a try that failed is not new to the next one.
    isAskDue = true;
    const { news, crowded } = await store.see(cluster, sightings, start);
    isAskDue = wasAskDue || news.some(({ state }) => state === 'new');
    if (crowded.length > 0) untold.set(CROWDED, (untold.get(CROWDED) ?? 0) + crowded.length);
    for (const [sighting, entry] of await allowed(crowded, needs.labelsOf)) if (entry === undefined) roomless.set(workloadKey(sighting.key.workload), sighting);
    const unseen = new Set(crowded.map(({ key }) => keyText(key)));
    for (const text of new Set(sightings.map(({ key }) => keyText(key)))) if (!unseen.has(text)) seen.add(text);
  };
  const ask = async (): Promise<void> => {
    // Nobody is asked about what the allowlist may cover.
    if (!isAskDue || !decided.isThrough()) return;
    await onNew(cluster);
    isAskDue = false;
  };
  const rest = async (): Promise<void> => {
    recordedMs = clock.now().getTime();
    const late = [...waiting.values()];
    // Their labels decide nothing, unless the store has forgotten them: then they are looked up before anybody is asked.
    await record(late, () => Promise.resolve(undefined));
    waiting.clear();
    await ask();
    if (untold.size > 0) await watch.countUntold(cluster, clock.now().toISOString().slice(0, 10), Object.fromEntries(untold));
    untold.clear();
  };
  return {
    async observe(flows) {
      if (flows.length === 0) return { denied: [], crowded: [] };
      await decided.refresh();
      await owners.find(flows.flatMap(podsToFind));
      const { classify, arePodsKnown } = await place();
      const looking: SightNeeds = { cluster, classify, arePodsKnown, names, ownerOf: owners.ownerOf, nowMs: clock.now().getTime() };
      const sightings: { readonly sighting: Sighting; readonly isNow: boolean }[] = [];
      for (const flow of flows) {
        learnNames(flow, looking);
        const sight = sightOf(flow, looking);
        // What a profile sums up may have been long ago: it is no contact now.
        const isNow = flow.profile === undefined;
        if (isNow) needs.note?.(flow, 'sighting' in sight ? sight.sighting : undefined);
        if ('sighting' in sight) sightings.push({ sighting: sight.sighting, isNow });
        else if ('blind' in sight) untold.set(sight.blind, (untold.get(sight.blind) ?? 0) + 1);
      }
      if (await learning.pass(flows, clock.now().getTime())) isAskDue = true;
      const fresh: Sighting[] = [];
      const denied = new Map<string, Sighting>();
      for (const { sighting, isNow } of sightings) {
        const text = keyText(sighting.key);
        if (isNow && decided.isDenied(text)) denied.set(text, merged(denied.get(text), sighting));
        if (seen.has(text)) waiting.set(text, merged(waiting.get(text), sighting));
        else fresh.push(sighting);
      }
      await record(fresh, needs.labelsOf);
      // After its connections are there: what failed before is done again, and they are learned then as well.
      if (await learning.end(flows.flatMap((flow) => profiledWorkload(flow) ?? []))) isAskDue = true;
      await (clock.now().getTime() - recordedMs >= LAG_MS || waiting.size >= MOST_WAITING ? rest() : ask());
      const crowded = [...roomless.values()];
      roomless.clear();
      return { denied: [...denied.values()], crowded };
    },
    async rest() {
      await decided.goOn();
      await rest();
    },
  };
}

/** A classifier for as long as the ranges of the cluster and of the groups stay the same. */
function createPlacing({ ranges, settings }: ObserverNeeds) {
  let known: { readonly cluster: ClusterRanges; readonly groups: ConnectionSettings['groups']; readonly classify: ReturnType<typeof createClassifier> } | undefined;
  return async () => {
    const cluster = await ranges();
    const { groups, corporateRanges: corporate } = settings;
    if (known?.cluster !== cluster || known.groups !== groups) known = { cluster, groups, classify: createClassifier({ cluster, corporate, groups }) };
    return { classify: known.classify, arePodsKnown: cluster.arePodsKnown };
  };
}

function merged(before: Sighting | undefined, after: Sighting): Sighting {
  if (before === undefined) return after;
  const bytes = before.bytes === undefined && after.bytes === undefined ? undefined : (before.bytes ?? 0) + (after.bytes ?? 0);
  const later = after.atMs >= before.atMs ? after : before;
  const outcome = [before, after].some((one) => one.outcome === 'connected') ? 'connected' : before.outcome === 'dropped' ? before.outcome : after.outcome;
  return { ...later, count: before.count + after.count, bytes, outcome };
}
