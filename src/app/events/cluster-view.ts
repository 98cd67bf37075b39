import { clusterRanges, isPodWithin, type ClusterParts, type ClusterRanges } from '#src/connections/classify.ts';
import type { PodOwners } from '#src/connections/observe.ts';
import { topOwner } from '#src/connections/workloads.ts';
import { lastingIdentity } from '#src/scan/ownership.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters, OpenCluster } from '#src/model/clusters.ts';
import type { ConnectedWorkload, ConnectionSettings } from '#src/model/connection.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { Log } from '#src/model/log.ts';
import type { RawObject } from '#src/model/raw.ts';
import { createSeldom } from '#src/model/seldom.ts';
import { NotListed } from '#src/model/source.ts';

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

type Pod = Parameters<PodOwners['ownerOf']>[0];

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
/** Pods that are remembered, and that are looked up at the same time. */
const REMEMBERED = 50_000;
const AT_ONCE = 50;
/** A pod that is gone, or could not be read, is looked up again after this. */
const UNKNOWN_MS = 60_000;
/** Calico tells of pods only how their names begin. */
const SHORTENED = '-*';
/** Of a cluster that could not be looked at. */
const NOTHING: Omit<ClusterParts, 'configured'> = { nodes: [], services: [], serviceRanges: [], pods: [] };
const OWNERS = [
  { apiVersion: 'apps/v1', kind: 'DaemonSet', resource: 'daemonsets' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', resource: 'statefulsets' },
  { apiVersion: 'batch/v1', kind: 'Job', resource: 'jobs' },
] as const;

/** Looks anew from time to time, in the background but for the first time. What it cannot look at it does not know. */
export function createClusterView({ settings, clusters, clock, log }: ClusterViewNeeds): ClusterView {
  const { cluster, clusterRanges: configured } = settings;
  const stopping = new AbortController();
  const mayWarn = createSeldom(clock, RANGES_WARN_MS);
  const owners = new Map<string, { readonly workload: ConnectedWorkload | undefined; readonly atMs: number }>();
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
  const lookup = async (source: OpenCluster, pod: Pod, signal: AbortSignal): Promise<void> => {
    const atMs = clock.now().getTime();
    try {
      owners.set(nameOf(pod), { workload: await ownerIn(source, cluster, pod, notePod, signal), atMs });
    } catch (error) {
      owners.set(nameOf(pod), { workload: undefined, atMs });
      log.debug({ cluster, pod: pod.name, error }, 'the owner of a pod could not be read');
    }
  };
  const lookupAll = async (source: OpenCluster, pods: readonly Pod[], signal: AbortSignal): Promise<void> => {
    for (let index = 0; index < pods.length && !signal.aborted; index += AT_ONCE) await Promise.all(pods.slice(index, index + AT_ONCE).map((pod) => lookup(source, pod, signal)));
  };
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
      const source = opened;
      const oldest = clock.now().getTime() - UNKNOWN_MS;
      const isUnknown = (pod: Pod): boolean => {
        const owner = owners.get(nameOf(pod));
        return owner === undefined || (owner.workload === undefined && owner.atMs < oldest);
      };
      // Before it is known which are missing, so that those of this batch are there when it ends.
      if (owners.size >= REMEMBERED) owners.clear();
      const unknown = [...new Map(pods.filter(isUnknown).map((pod) => [nameOf(pod), pod])).values()];
      finding = lookupAll(source, unknown, signalFor(LOOKUP_MS));
      await finding;
    },
    ownerOf: (pod) => owners.get(nameOf(pod))?.workload,
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

/** Undefined for a pod that is gone. */
async function ownerIn(source: OpenCluster, cluster: string, { namespace, name }: Pod, note: (pod: RawObject) => void, signal: AbortSignal): Promise<ConnectedWorkload | undefined> {
  if (name.endsWith(SHORTENED)) return ownerByPrefix(source, cluster, { namespace, name: name.slice(0, -SHORTENED.length) }, signal);
  const pod = await source.get({ cluster, apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespace, name }, signal);
  if (pod === undefined) return undefined;
  note(pod);
  const owner = lastingIdentity({ kind: 'Pod', namespace, name }, pod);
  return topOwner({ namespace, kind: owner.kind, name: owner.name });
}

async function ownerByPrefix(source: OpenCluster, cluster: string, { namespace, name }: Pod, signal: AbortSignal): Promise<ConnectedWorkload | undefined> {
  for (const owner of OWNERS) {
    if ((await source.get({ cluster, ...owner, namespace, name }, signal)) !== undefined) return topOwner({ namespace, kind: owner.kind, name });
  }
  const deployment = topOwner({ namespace, kind: 'ReplicaSet', name });
  return deployment.kind === 'Deployment' ? deployment : undefined;
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
