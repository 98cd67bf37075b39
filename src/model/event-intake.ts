import type { AuditOutcome } from './audit-event.ts';
import type { ObjectRef, Severity } from './finding.ts';
import type { SecretRef } from './people.ts';

/** Systems that send what happens in a cluster to the bot. */
export const FEEDS = ['audit', 'falco', 'sysdig', 'hubble', 'calico', 'flows', 'kubescape'] as const;
export type Feed = (typeof FEEDS)[number];

/** In which clusters people are asked about what was done in their name. */
export const ASK = ['production', 'always', 'never'] as const;

/** A log that the bot reads by itself, and where it is. */
export type PullSettings = { readonly path: string; readonly replay: boolean } | { readonly loki: LokiSettings } | { readonly relay: RelaySettings } | { readonly google: GoogleLogSettings } | { readonly cloudwatch: CloudwatchSettings } | { readonly azure: AzureLogSettings } | { readonly everyMinutes: number };

/** Google Cloud Logging. */
export interface GoogleLogSettings {
  readonly project: string;
  /** In the query language of Cloud Logging: which entries. */
  readonly filter: string;
  /** The key file of a service account, as Google gives it. */
  readonly key: SecretRef;
  /** Without a slash at their ends. */
  readonly url: string;
  readonly tokenUrl: string;
}

/** Amazon CloudWatch Logs. */
export interface CloudwatchSettings {
  readonly region: string;
  readonly group: string;
  /** How the names of the streams begin. */
  readonly streams: string;
  /** Both or neither: then the pod is given a role by Amazon. */
  readonly accessKeyId: SecretRef | undefined;
  readonly secretAccessKey: SecretRef | undefined;
  readonly url: string;
  /** Where a role is asked for. */
  readonly stsUrl: string;
}

/** Tables of a Log Analytics workspace that have an audit log: those of AKS, and the one for everything. */
export const AZURE_TABLES = ['AKSAudit', 'AKSAuditAdmin', 'AzureDiagnostics'] as const;
export type AzureTable = (typeof AZURE_TABLES)[number];

/** A Log Analytics workspace of Azure Monitor. */
export interface AzureLogSettings {
  readonly workspace: string;
  readonly table: AzureTable;
  /** Id of the AKS cluster. */
  readonly resource: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: SecretRef;
  readonly url: string;
  readonly loginUrl: string;
}

/** Where Hubble Relay answers; in the clear only where that is said. */
export interface RelaySettings {
  /** `host:port` */
  readonly address: string;
  readonly plaintext: boolean;
  /** Undefined stands for those that Node trusts. */
  readonly ca: SecretRef | undefined;
  /** What the bot shows, both or neither. */
  readonly cert: SecretRef | undefined;
  readonly key: SecretRef | undefined;
  /** Whose certificate it is, where that is not the host of the address. */
  readonly serverName: string | undefined;
}

export interface LokiSettings {
  /** Without a slash at its end. */
  readonly url: string;
  /** In LogQL: which lines. */
  readonly query: string;
  readonly token: SecretRef | undefined;
  readonly tenant: string | undefined;
}

/** Which feeds of a cluster come in, whether sent or read. */
export function feedsOf({ senders, pulls }: Pick<EventSettings, 'senders' | 'pulls'>): readonly Feed[] {
  return FEEDS.filter((feed) => senders[feed] !== undefined || pulls[feed] !== undefined);
}

/** What a sender has to show: one of both, or both. */
export interface SenderSettings {
  readonly token?: SecretRef | undefined;
  readonly clientCertificate?: ClientCertificateSettings | undefined;
}

export interface ClientCertificateSettings {
  /** Certificates of whoever signs those of senders. */
  readonly ca: SecretRef;
  /** `CN=…`, `DNS:…` or `URI:…`, one of which has to be in the certificate; every certificate of the CA is taken when there are none. */
  readonly names: readonly string[];
}

/** What one cluster sends, and where it is told. */
export interface EventSettings {
  readonly cluster: string;
  /** What each sender has to show. A system that is missing here may send nothing. */
  readonly senders: Readonly<Partial<Record<Feed, SenderSettings>>>;
  /** What the bot reads by itself instead. */
  readonly pulls: Readonly<Partial<Record<Feed, PullSettings>>>;
  /** Undefined stands for the channel of the cluster. */
  readonly channel: string | undefined;
  /** Milder alarms are counted and told nobody. */
  readonly minSeverity: Severity;
  /** Where people are asked whether what was done in their name was done by them. */
  readonly ask: (typeof ASK)[number];
  /** For how long a feed says nothing until that is an alarm, in milliseconds. What is missing may be quiet for days. */
  readonly silentMs: Readonly<Partial<Record<Feed, number>>>;
}

/** What came in at once, kept until all its effects are recorded. */
export interface EventBatch {
  readonly id: string;
  readonly feed: Feed;
  /** Milliseconds since 1970. */
  readonly cameAtMs: number;
  /** As it came; undefined stands for one that could not be taken. */
  readonly text: string | undefined;
  /** Of the room that is kept for batches. */
  readonly bytes: number;
}

/** What a batch adds to the counts of its feed. */
export interface BatchCounts {
  readonly events: number;
  readonly malformed: number;
  readonly lost: number;
}

/** How much came in on the latest day (UTC) on which something did. */
export interface FeedCounts extends BatchCounts {
  readonly day: string;
  /** When the last batch with an event in it came, in milliseconds since 1970. */
  readonly lastMs: number | undefined;
}

export interface EventInbox {
  /** Keeps a batch until it is settled. False when there is no room: the sender is to come again. */
  readonly keep: (cluster: string, batch: Omit<EventBatch, 'id' | 'bytes'>) => Promise<boolean>;
  /** For one process at a time, until `ms` from now; whoever holds it may hold it again. Batches are taken in order, because what detections count needs all of them. */
  readonly hold: (cluster: string, owner: string, ms: number) => Promise<boolean>;
  readonly release: (cluster: string, owner: string) => Promise<void>;
  /** The oldest batch. */
  readonly next: (cluster: string) => Promise<EventBatch | undefined>;
  /** Counts a batch and forgets it, once. */
  readonly settle: (cluster: string, batch: EventBatch, counts: BatchCounts) => Promise<void>;
  /** The batches that were settled in the last minutes, the oldest first, as far back as there was room. */
  readonly ofLate: (cluster: string) => AsyncIterable<EventBatch>;
  readonly counts: (cluster: string, feed: Feed) => Promise<FeedCounts | undefined>;
  /** How far a log of the cluster was read that the bot reads by itself. */
  readonly cursor: (cluster: string, feed: Feed) => Promise<string | undefined>;
  /** Keeps what was read and moves on, both or neither. `full` when there is no room, `stale` when another process has moved on from there. */
  readonly keepPulled: (cluster: string, feed: Feed, pulled: Pulled & { readonly from: string | undefined; readonly cameAtMs: number }) => Promise<'kept' | 'full' | 'stale'>;
  /** What is wrong with a log that the bot reads, for the status; empty when nothing is. */
  readonly tellProblem: (cluster: string, feed: Feed, problem: string) => Promise<void>;
  readonly problem: (cluster: string, feed: Feed) => Promise<string | undefined>;
}

/** One alarm as the message about its group shows it. */
export interface ShownAlarm {
  /** ISO 8601; absent where the log leaves it out. */
  readonly at?: string;
  readonly message: string;
  readonly outcome?: AuditOutcome;
  readonly address?: string;
  /** Chosen by the client. */
  readonly userAgent?: string;
  readonly command?: string;
  /** Name of the pod that it is about. */
  readonly pod?: string;
}

/** The workload of the pod that an alarm is about, and what is the same for all its pods. */
export interface AlarmOwner {
  readonly workload: ObjectRef;
  readonly group: string;
}

export interface NewAlarm {
  readonly cluster: string;
  /** `2026-08-21`. */
  readonly day: string;
  /** As the event itself tells it; where the owner was ever known that day, the group of the owner takes its place. */
  readonly group: string;
  /** Absent where it is not known now. */
  readonly owner?: AlarmOwner;
  /** The same alarm counts once. */
  readonly fingerprint: string;
  readonly detection: string;
  readonly severity: Severity;
  readonly atMs: number;
  readonly alarm: ShownAlarm;
  /** The minute in which it is told, and how many groups may be told of for the first time in it. */
  readonly minute: number;
  readonly limit: number;
}

/** All that was told of one group on one day. */
export interface AlarmGroup {
  /** Same for the same group, and fit for a name. */
  readonly id: string;
  readonly count: number;
  /** The worst. */
  readonly severity: Severity;
  /** Whose pods they are; absent where the group is of one pod, or of something else. */
  readonly workload?: ObjectRef;
  readonly isOfSeveralPods: boolean;
  /** The latest few, the last first. */
  readonly alarms: readonly ShownAlarm[];
  /** When the same was seen last before that day, in milliseconds; undefined for the first time. */
  readonly beforeMs: number | undefined;
  /** False when too many others were told of: it is counted in the summary of the day. */
  readonly isTold: boolean;
}

export interface AlarmGroups {
  /** Counts a alarm, once however often it is added, and tells how its group stands. */
  readonly add: (alarm: NewAlarm) => Promise<AlarmGroup>;
  /** Groups of a day that are not told of one by one: how many, by detection. */
  readonly untold: (cluster: string, day: string) => Promise<Readonly<Record<string, number>>>;
}

/** What one look at a log brought, and where the next one goes on. */
export interface Pulled {
  /** Lines of JSON, none where only the place is new; undefined for a part of the log that is gone for good: nobody knows what it said. */
  readonly text: string | undefined;
  readonly cursor: string;
  /** What is wrong with the log although it can be read, in a few words without a full stop. */
  readonly problem?: string;
}

/** A log that the bot reads by itself. */
export interface EventPull {
  /** Undefined when there is nothing new. Without a cursor it begins as its settings say. */
  readonly pull: (cursor: string | undefined, signal: AbortSignal) => Promise<Pulled | undefined>;
}
