import { INTERNET, TRANSLATED, type ConnectedWorkload, type ConnectionDirection, type ConnectionOutcome, type Remote, type Sighting } from '#src/model/connection.ts';
import type { Flow, FlowEnd, FlowSource } from '#src/model/flow.ts';
import type { Classifier, PlacedAddress } from './classify.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import { dnsName, remoteOf, type NameMemory } from './remote.ts';
import { topOwner } from './workloads.ts';

/** Why a flow is no connection of a workload with the outside. */
export type Ignored = 'answer' | 'no port' | 'local' | 'in the cluster' | 'metadata service' | 'corporate' | 'no pod';

/** Why nobody can tell whether it is one, or whose: each of these is counted. */
export type Blind = 'no address' | 'uncertain' | 'no workload' | 'no direction';

export type Sight = { readonly sighting: Sighting } | { readonly ignored: Ignored } | { readonly blind: Blind };

export interface SightNeeds {
  readonly cluster: string;
  readonly classify: Classifier;
  readonly arePodsKnown: boolean;
  readonly names: NameMemory;
  /** Whose pod it is, as far as that is known. */
  readonly ownerOf: (pod: NonNullable<FlowEnd['pod']>) => ConnectedWorkload | undefined;
  /** For flows without a time, or with one that has not come yet. */
  readonly nowMs: number;
}

/** Where ports of clients begin on every system. */
const CLIENT_PORT = 32_768;
/** What Calico calls an address that it does not tell. */
const UNTOLD = { public: 'pub', private: 'pvt' } as const;

/** Where the far end of a connection is. */
type Far = { readonly placed: PlacedAddress; readonly isTranslated: boolean } | { readonly network: string };

/** The connection of a workload with the outside that a flow tells of, by the side that began. */
export function sightOf(flow: Flow, needs: SightNeeds): Sight {
  const { source, destination, protocol, reply } = flow;
  // Clocks of nodes may be ahead: what is of the future would not be asked about until then.
  const timeMs = Math.min(flow.timeMs ?? needs.nowMs, needs.nowMs);
  if (reply === true) return { ignored: 'answer' };
  if (protocol === 'icmp' || protocol === undefined) return { ignored: 'no port' };
  if (isOfWorkload(source) && isOfWorkload(destination)) return { ignored: 'in the cluster' };
  const direction: ConnectionDirection = isOfWorkload(source) ? 'egress' : 'ingress';
  const [near, end] = direction === 'egress' ? [source, destination] : [destination, source];
  if (!isOfWorkload(near)) return { ignored: 'no pod' };
  const port = destination.port;
  if (port === undefined || port === 0) return { ignored: 'no port' };
  const far = farEnd(end, direction, flow.seenBy, needs);
  if ('ignored' in far || 'blind' in far) return far;
  if (reply === undefined && port >= CLIENT_PORT && (source.port ?? CLIENT_PORT) < CLIENT_PORT) return { blind: 'no direction' };
  const workload = workloadOf(near, needs);
  if (workload === undefined) return { blind: 'no workload' };
  const names = direction === 'egress' ? namesOf(end, far, workload, timeMs, needs) : [];
  const remote = remoteFor(far, names, direction);
  return {
    sighting: {
      key: { cluster: needs.cluster, direction, workload, remote, port, protocol },
      names: remote.kind === 'address' ? names : [],
      address: 'placed' in far ? far.placed.address : undefined,
      isPrivate: 'placed' in far && far.placed.isPrivate,
      outcome: outcomeOf(flow),
      atMs: timeMs,
      bytes: flow.bytes,
      count: flow.connections,
      source: flow.seenBy,
    },
  };
}

/** Remembers what an answer of DNS told a workload. */
export function learnNames({ dns, destination, timeMs }: Flow, needs: SightNeeds): void {
  if (dns === undefined || dns.addresses.length === 0 || !isOfWorkload(destination)) return;
  const workload = workloadOf(destination, needs);
  const name = dnsName(dns.name);
  if (workload === undefined || name === undefined) return;
  for (const text of dns.addresses) {
    const address = needs.classify(text)?.address;
    if (address !== undefined) needs.names.learn(workloadKey(workload), address, name, Math.min(timeMs ?? needs.nowMs, needs.nowMs));
  }
}

/** The pods of a flow whose owner has to be looked up. */
export function podsToFind({ source, destination }: Flow): readonly NonNullable<FlowEnd['pod']>[] {
  return [source, destination].flatMap(({ pod, workload }) => (pod === undefined || workload !== undefined ? [] : [pod]));
}

/** The workload that a complete profile has watched from its start. */
export function profiledWorkload({ profile, source, destination }: Flow): ConnectedWorkload | undefined {
  const workload = profile === 'complete' ? (source.workload ?? destination.workload) : undefined;
  return workload === undefined ? undefined : topOwner(workload);
}

/** A node or something outside is none of these. A pod or container that nobody can name belongs to some workload. */
function isOfWorkload({ pod, workload, containerId, isNamelessPod }: FlowEnd): boolean {
  return pod !== undefined || workload !== undefined || containerId !== undefined || isNamelessPod === true;
}

function workloadOf({ pod, workload }: FlowEnd, { ownerOf }: SightNeeds): ConnectedWorkload | undefined {
  if (workload !== undefined) return topOwner(workload);
  return pod === undefined ? undefined : ownerOf(pod);
}

/** Identity before address: after address translation something outside may have an address of the cluster. */
function farEnd({ outside, address, network, names }: FlowEnd, direction: ConnectionDirection, seenBy: FlowSource, { classify, arePodsKnown }: SightNeeds): Far | { readonly ignored: Ignored } | { readonly blind: Blind } {
  if (outside === false) return { ignored: 'in the cluster' };
  if (address === undefined) {
    if (network === UNTOLD.public || (outside === true && names.length > 0)) return { network: INTERNET };
    return network === undefined || network === UNTOLD.private ? { blind: 'no address' } : { network };
  }
  const placed = classify(address);
  if (placed === undefined) return { blind: 'no address' };
  if (placed.place === 'metadata') return { ignored: 'metadata service' };
  if (placed.place === 'local') return { ignored: 'local' };
  if (placed.place === 'corporate') return { ignored: 'corporate' };
  // Other sources than Hubble say so of every public address, which tells nothing; of a private one they know it.
  const isKnown = outside === true && (seenBy === 'hubble' || placed.isPrivate);
  if (placed.place === 'cluster') return isKnown ? { placed, isTranslated: direction === 'ingress' } : { ignored: 'in the cluster' };
  const mayBePod = placed.isPrivate || placed.family === 6;
  return isKnown || arePodsKnown || !mayBePod ? { placed, isTranslated: false } : { blind: 'uncertain' };
}

/** What the workload asked DNS for, else what the source says that the address is called. */
function namesOf({ names }: FlowEnd, far: Far, workload: ConnectedWorkload, atMs: number, { names: memory }: SightNeeds): readonly string[] {
  const told = [...new Set(names.flatMap((text) => dnsName(text) ?? []))];
  if (!('placed' in far)) return told;
  const [only] = told;
  const { address } = far.placed;
  if (only !== undefined && told.length === 1) memory.learn(workloadKey(workload), address, only, atMs);
  const asked = memory.namesOf(workloadKey(workload), address, atMs);
  return asked.length > 0 ? asked : told;
}

/** What is published has as many clients as there are: they are one, but for named groups and private networks. */
function remoteFor(far: Far, names: readonly string[], direction: ConnectionDirection): Remote {
  if ('network' in far) {
    const [name] = names;
    return name !== undefined && names.length === 1 ? { kind: 'name', name } : { kind: 'group', name: far.network };
  }
  const { placed, isTranslated } = far;
  if (isTranslated) return { kind: 'group', name: TRANSLATED };
  if (direction === 'ingress' && placed.place === 'public' && placed.group === undefined) return { kind: 'group', name: INTERNET };
  return remoteOf(names, placed);
}

function outcomeOf({ verdict, attempt }: Flow): ConnectionOutcome {
  if (verdict === 'dropped') return 'dropped';
  return attempt === false || (attempt === undefined && verdict === 'forwarded') ? 'connected' : 'attempted';
}
