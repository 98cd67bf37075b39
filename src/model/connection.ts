import type { BorneLabels, Labels } from './labels.ts';
import type { Owner } from './owner.ts';

/** A workload as a connection names it: the top owner of the pods, never a pod that something owns. */
export interface ConnectedWorkload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** What is outside: a DNS name that the workload itself asked for (lower case, without the last dot), else a group of ranges of the configuration, else one address. */
export type Remote = { readonly kind: 'name'; readonly name: string } | { readonly kind: 'group'; readonly name: string } | { readonly kind: 'address'; readonly address: string };

/** The group that stands for everything on the Internet: where a source tells no address, and for the clients of what is published. */
export const INTERNET = 'internet';
/** The group that stands for whoever is behind an address translation of the cluster. */
export const TRANSLATED = 'translated';

export type ConnectionDirection = 'egress' | 'ingress';
export type ConnectionProtocol = 'tcp' | 'udp' | 'sctp';

/** What makes two connections the same. Pods, replica sets, source ports and changing addresses of one name make no difference. */
export interface ConnectionKey {
  readonly cluster: string;
  readonly direction: ConnectionDirection;
  readonly workload: ConnectedWorkload;
  readonly remote: Remote;
  /** On the side that is connected to. */
  readonly port: number;
  readonly protocol: ConnectionProtocol;
}

/** How far a connection came; the furthest that was seen. */
export type ConnectionOutcome = 'attempted' | 'dropped' | 'connected';

/** One observation of a connection with the outside. */
export interface Sighting {
  readonly key: ConnectionKey;
  /** Other DNS names that fit the address as well; the key is the address then. */
  readonly names: readonly string[];
  readonly address: string | undefined;
  readonly isPrivate: boolean;
  readonly outcome: ConnectionOutcome;
  readonly atMs: number;
  readonly bytes: number | undefined;
  /** How many connections it stands for. */
  readonly count: number;
  /** `hubble`, `falco`. */
  readonly source: string;
}

/** What connects to more than this is looking for something, and is told of as a whole. */
export const MOST_OF_WORKLOAD = 5000;

/**
 * How a key stands. `learned` was seen while its workload was being learned, and is reviewed in one go when that ends; `new` is to be
 * asked about; `expired` was asked about and nobody answered; `retired` was approved and has not been seen for long.
 */
export const CONNECTION_STATES = ['learned', 'new', 'pending', 'approved', 'denied', 'expired', 'retired'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];
/** In which nobody was asked yet; the first of all states. */
export const UNASKED_STATES = ['learned', 'new'] as const satisfies readonly ConnectionState[];
export type UnaskedState = (typeof UNASKED_STATES)[number];
export type ConnectionCounts = Readonly<Record<ConnectionState, number>>;

/** Who decided about a connection. */
export interface ConnectionDecision {
  readonly by: string;
  /** ISO 8601 */
  readonly at: string;
  readonly reason?: string;
  /** When it ends; the connection is asked about again then. */
  readonly until?: string;
  /** Which the pods bore, where an entry of the allowlist that is for them has decided. */
  readonly labels?: Labels;
}

/** All that is known of one key. */
export interface Connection {
  /** The same for the same key, and fit for a name. */
  readonly id: string;
  readonly key: ConnectionKey;
  readonly state: ConnectionState;
  /** Grows with every change of the state, not of the counts. */
  readonly version: number;
  /** ISO 8601 */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  /** Absent where no source tells. */
  readonly bytes?: number;
  readonly outcome: ConnectionOutcome;
  readonly isPrivate: boolean;
  /** The latest, at most three. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  readonly sources: readonly string[];
  /** Id of the approval request that decides, or decided, about it. */
  readonly request?: string;
  readonly decision?: ConnectionDecision;
  /** Not asked about again before that; ISO 8601. */
  readonly notBefore?: string;
}

/** What may be connected to without being asked about. */
export interface AllowEntry {
  readonly id: string;
  /** Undefined stands for all. */
  readonly cluster?: string;
  readonly namespace?: string;
  readonly workload?: string;
  /** Which the pods of the workload bear by its template. */
  readonly labels?: Labels;
  readonly direction: ConnectionDirection;
  /** `api.stripe.com`, `*.amazonaws.com`, `203.0.113.0/24` or the name of a group of ranges. */
  readonly remote: string;
  readonly port?: number;
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601; absent for entries of the configuration. */
  readonly since?: string;
  readonly until?: string;
}

/** Which places an entry of the allowlist is for. */
export interface AllowedPlaces {
  readonly entry: AllowEntry;
  /** As CIDRs, addresses, or from one to another. */
  readonly ranges: readonly string[];
  /** `api.stripe.com`, or `*.amazonaws.com` for every name that ends so. */
  readonly names: readonly string[];
}

/** How a key begins that was never seen: what an entry of the allowlist covers is approved by it. */
export type ConnectionStart = { readonly state: 'learned' | 'new' } | { readonly state: 'approved'; readonly decision: ConnectionDecision };

/** What may change about a connection besides what is observed. A request, decision or `notBefore` that is not named ends. */
export type ConnectionChange = Pick<Connection, 'state'> & Partial<Pick<Connection, 'request' | 'decision' | 'notBefore'>>;

export interface ConnectionStore {
  /**
   * Counts sightings. A key that was never seen becomes a record in the state that `firstState` gives it, once. Answers the records of
   * the keys that are new or come back (retired, expired and past `notBefore`, approved past the end of the decision or not seen for
   * long), and what found no room because its workload has too many.
   */
  readonly see: (cluster: string, sightings: readonly Sighting[], firstState: (sighting: Sighting) => ConnectionStart) => Promise<{ readonly news: readonly Connection[]; readonly crowded: readonly Sighting[] }>;
  readonly get: (cluster: string, ids: readonly string[]) => Promise<readonly Connection[]>;
  /** All of a state, which may be many. */
  readonly inState: (cluster: string, state: ConnectionState) => Promise<readonly Connection[]>;
  readonly idsInState: (cluster: string, state: ConnectionState) => Promise<readonly string[]>;
  /** How many there are in each state, in a cluster or in one namespace of it. */
  readonly counts: (cluster: string, namespace?: string) => Promise<ConnectionCounts>;
  /** At most `most`; those that were seen last come first. */
  readonly latest: (cluster: string, state: ConnectionState, most: number, namespace?: string) => Promise<readonly Connection[]>;
  /** Not seen since a moment, in parts. Whoever reads them may change or forget them meanwhile. */
  readonly idle: (cluster: string, state: ConnectionState, before: Date) => AsyncIterable<readonly Connection[]>;
  /** Workloads with connections that nobody was asked about, in parts and in the order of first being seen. Whoever reads them may ask meanwhile. */
  readonly workloadsToAsk: (cluster: string, state: UnaskedState, until: Date) => AsyncIterable<readonly ConnectedWorkload[]>;
  /** What nobody was asked about of one workload, as it stands when the reading begins. */
  readonly toAsk: (cluster: string, state: UnaskedState, workload: ConnectedWorkload, until: Date) => AsyncIterable<readonly Connection[]>;
  /** How many requests connections are pending because of. */
  readonly waiting: (cluster: string) => Promise<number>;
  readonly ofWorkload: (cluster: string, workload: ConnectedWorkload) => Promise<readonly Connection[]>;
  /** Other workloads that talk to the same remote. */
  readonly ofRemote: (cluster: string, remote: Remote) => Promise<readonly Connection[]>;
  /** Undefined when somebody else changed it meanwhile. */
  readonly change: (connection: Pick<Connection, 'id' | 'key' | 'version'>, change: ConnectionChange) => Promise<Connection | undefined>;
  /** Forgets what was not seen since a moment, but nothing that people have denied or have to decide about. Answers how many that were. */
  readonly forget: (cluster: string, before: Date) => Promise<number>;
  /** Finds again what an earlier version of the bot has recorded, and what it still records beside this one. Cheap where there is nothing of it, and safe to repeat. */
  readonly adopt: (cluster: string) => Promise<void>;
  /** Entries that people made in the chat. */
  readonly allowEntries: () => Promise<readonly AllowEntry[]>;
  /** Another text after each change of them, also when nothing is left of it. */
  readonly allowRevision: () => Promise<string>;
  readonly addAllowEntry: (entry: AllowEntry) => Promise<void>;
  /** False when there is no such entry. */
  readonly endAllowEntry: (id: string) => Promise<boolean>;
}

/** What the bot may do about connections in a part of a cluster: watch, say what would have to be done, or do it. */
export type EnforcementMode = 'observe' | 'propose' | 'enforce';

/** An owner, and of what. Undefined stands for all. */
export interface WorkloadOwner extends Owner {
  readonly namespace: string | undefined;
  /** Its name, or kind and name: `Deployment/checkout`. */
  readonly workload: string | undefined;
}

export interface ConnectionSettings {
  readonly cluster: string;
  /** Undefined stands for the channel of the cluster. */
  readonly channel: string | undefined;
  /** Observed time in which the connections of a workload are learned; 0 asks from the first packet. */
  readonly learnMs: number;
  /** Of pods, services and nodes, where the cluster does not tell them. */
  readonly clusterRanges: readonly string[];
  /** Networks of the organisation: neither recorded nor asked about. */
  readonly corporateRanges: readonly string[];
  /** Named groups of ranges, such as those of a provider. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly allow: readonly AllowEntry[];
  /** Who runs which workloads; the first that fits counts. */
  readonly owners: readonly WorkloadOwner[];
  readonly mode: EnforcementMode;
  /** By namespace, where it differs. */
  readonly modes: ReadonlyMap<string, EnforcementMode>;
  /** Namespaces in which source ranges of Services, which are somebody else's, may be changed; `*` for all. */
  readonly sourceRanges: readonly string[];
}

/** What may be looked at by whoever proposes something. */
export interface ConnectionsView extends Pick<ConnectionStore, 'get' | 'inState' | 'ofWorkload' | 'ofRemote' | 'allowEntries'> {
  /** Undefined for a cluster whose connections are not watched. */
  readonly settings: (cluster: string) => ConnectionSettings | undefined;
  /** Which labels the pods of a workload bear, as its template has them now; undefined where nobody can tell. */
  readonly podLabels: (cluster: string, workload: ConnectedWorkload) => Promise<BorneLabels | undefined>;
  /** Whether the connections of each workload are still being learned. */
  readonly learning: (cluster: string, workloads: readonly ConnectedWorkload[]) => Promise<readonly boolean[]>;
}

/** Where no connections are watched. */
export const NO_CONNECTIONS: ConnectionsView = { get: () => Promise.resolve([]), inState: () => Promise.resolve([]), ofWorkload: () => Promise.resolve([]), ofRemote: () => Promise.resolve([]), allowEntries: () => Promise.resolve([]), settings: () => undefined, podLabels: () => Promise.resolve(undefined), learning: (_, workloads) => Promise.resolve(workloads.map(() => false)) };

/** Connections with the outside as commands and jobs see them. */
export interface Connections extends ConnectionsView, Pick<ConnectionStore, 'change' | 'counts' | 'latest' | 'idle' | 'workloadsToAsk' | 'toAsk' | 'waiting' | 'forget' | 'adopt' | 'endAllowEntry'> {
  /** Of the clusters whose connections are watched. */
  readonly all: () => readonly ConnectionSettings[];
}
