import { clusterRanges, isPodWithin, type ClusterParts, type ClusterRanges } from '#src/connections/classify.ts';
import type { PodOwners } from '#src/connections/observe.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters, OpenCluster } from '#src/model/clusters.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { Log } from '#src/model/log.ts';
import type { RawObject } from '#src/model/raw.ts';
import { createSeldom } from '#src/model/seldom.ts';
import { NotListed } from '#src/model/source.ts';
import { createOwnerMemory } from './pod-owners.ts';

export interface ClusterViewNeeds {
  readonly settings: Pick<ConnectionSettings, 'cluster' | 'clusterRanges'>;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What connections have to know of the cluster: which addresses are its own, and whose pods they are. */
export interface ClusterView extends PodOwners {
  readonly ranges: () => Promise<ClusterRanges>;
  readonly stop: () => Promise<void>;
}

const FRESH_MS = 5 * 60_000;
/** Events must not wait for a cluster that does not answer. */
const FIRST_MS = 10_000;
const LATER_MS = 60_000;
/** The first Kubernetes 1.x that tells the ranges of services in this version of the API. */
const RANGES_SINCE_MINOR = 33;
/** A right that is missing is said so often: without it, less is known, but nothing is wrong. So are ranges that do not hold. */
const RANGES_WARN_MS = 24 * 3600_000;
/** Pods outside of all ranges that are remembered: one is enough to know. */
const MOST_STRAYS = 100;
/** For the pods of one batch. */
const LOOKUP_MS = 5000;
/** Of a cluster that could not be looked at. */
const NOTHING: Omit<ClusterParts, 'configured'> = { nodes: [], services: [], serviceRanges: [], pods: [] };

/** Looks anew from time to time, in the background but for the first time. What it cannot look at it does not know. */
export function createClusterView({ settings, clusters, clock, log }: ClusterViewNeeds): ClusterView {
  const { cluster, clusterRanges: configured } = settings;
  const stopping = new AbortController();
  const mayWarn = createSeldom(clock, RANGES_WARN_MS);
  const strays = new Set<RawObject>();
  let known: ClusterRanges | undefined;
  let opened: OpenCluster | undefined;
  let looking: Promise<void> | undefined;
  let lookedMs = -Infinity;
  let finding: Promise<void> = Promise.resolve();
  const signalFor = (ms: number): AbortSignal => AbortSignal.any([stopping.signal, AbortSignal.timeout(ms)]);

  const look = async (ms: number): Promise<void> => {
    const signal = signalFor(ms);
    try {
      const source = await clusters.open(cluster, signal);
      const before = opened;
      opened = source;
      // Pods are still looked up in the one that was open before.
      await finding;
      before?.close();
      // Pods before the nodes that they are on: so the nodes of all of them are known.
      const pods = await somePods(source, signal);
      const [nodes, services] = [await listed(source, 'Node', signal), await listed(source, 'Service', signal)];
      known = rangesFrom({ nodes, services, serviceRanges: await serviceRangesOf(source, signal), pods });
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ cluster, error }, 'the addresses of a cluster could not be read; some connections cannot be told from those within it');
      known ??= rangesFrom(NOTHING);
    }
  };
  /** The addresses of the services that there are, are known without them. */
  const serviceRangesOf = async (source: OpenCluster, signal: AbortSignal): Promise<readonly RawObject[]> => {
    if (source.version.minor < RANGES_SINCE_MINOR) return [];
    try {
      return await listed(source, 'ServiceCIDR', signal);
    } catch (error) {
      if (!(error instanceof NotListed)) throw error;
      if (!error.absent && mayWarn('services')) log.warn({ cluster, error }, 'the ranges of the services of a cluster could not be read; services that are new may be taken for private addresses');
      return [];
    }
  };
  const rangesFrom = (parts: Omit<ClusterParts, 'configured'>): ClusterRanges => {
    const ranges = clusterRanges({ ...parts, configured, pods: [...parts.pods, ...strays] });
    if (ranges.stray === undefined) strays.clear();
    if (ranges.stray !== undefined && mayWarn('stray')) log.warn({ cluster, address: ranges.stray }, 'a pod has an address outside of the ranges that the nodes tell; private addresses are uncertain until clusterRanges names the ranges of pods');
    return ranges;
  };
  /** The first page, which shows whether the ranges of the nodes hold. */
  const somePods = async (source: OpenCluster, signal: AbortSignal): Promise<readonly RawObject[]> => {
    try {
      for await (const page of source.list('Pod', signal)) return page.map(({ object }) => object);
    } catch (error) {
      if (!(error instanceof NotListed)) throw error;
      if (mayWarn('pods')) log.warn({ cluster, error }, 'the pods of a cluster could not be listed; whether the ranges of its nodes hold shows only with pods that are seen');
    }
    return [];
  };
  /** A pod outside of all ranges is on a node that is new, or the ranges do not hold: until the next look, which is due at once, nobody knows which. */
  const notePod = (pod: RawObject): void => {
    if (known === undefined || isPodWithin(pod, known)) return;
    strays.add(pod);
    for (const before of [...strays].slice(0, -MOST_STRAYS)) strays.delete(before);
    if (!known.arePodsKnown) return;
    known = { addresses: known.addresses, arePodsKnown: false };
    lookedMs = -Infinity;
  };
  const owners = createOwnerMemory({ cluster, clock, note: notePod, onFault: (pod, error) => log.debug({ cluster, pod: pod.name, error }, 'the owner of a pod could not be read') });
  const ranges = async (): Promise<ClusterRanges> => {
    const now = clock.now().getTime();
    if (now - lookedMs >= FRESH_MS && looking === undefined) {
      lookedMs = now;
      looking = look(known === undefined ? FIRST_MS : LATER_MS).finally(() => {
        looking = undefined;
      });
    }
    if (known === undefined) await looking;
    return (known ??= rangesFrom(NOTHING));
  };
  return {
    ranges,
    async find(pods) {
      // The cluster is opened by the first look, and the pods of the first batch are asked for before it.
      if (opened === undefined && pods.length > 0) await ranges();
      if (opened === undefined) return;
      finding = owners.find(opened, pods, signalFor(LOOKUP_MS));
      await finding;
    },
    ownerOf: owners.ownerOf,
    async stop() {
      stopping.abort();
      await looking;
      opened?.close();
    },
  };
}

async function listed(source: OpenCluster, kind: Kind, signal: AbortSignal): Promise<readonly RawObject[]> {
  const objects: RawObject[] = [];
  for await (const page of source.list(kind, signal)) objects.push(...page.map(({ object }) => object));
  return objects;
}
