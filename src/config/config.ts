import { ROLES, type Grant } from '#src/model/access.ts';
import type { Repository } from '#src/model/repositories.ts';
import type { DetectionSettings } from '#src/model/detection.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { EventSettings } from '#src/model/event-intake.ts';
import type { AccessSettings, ApprovalSettings, CheckSettings } from '#src/model/settings.ts';
import type { ConfigFile, FileCluster } from './file.ts';
import type { ConfiguredSource } from './people-sources.ts';
import type { RangeFile } from './range-files.ts';

export type SlackConfig =
  | { readonly mode: 'sandbox' }
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl: string; readonly sockets: number }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly apiUrl: string };

/** Which clusters are watched: named ones, the kubeconfig's current context, the one this process runs in, or the demo. */
export type ClusterSelection =
  | { readonly from: 'named'; readonly clusters: readonly FileCluster[] }
  | { readonly from: 'current-context' }
  | { readonly from: 'in-cluster' }
  | { readonly from: 'demo' };

export interface DigestConfig {
  readonly name: string;
  readonly channel: string;
  readonly schedule: string;
  readonly timeZone: string;
  /** Undefined means all. */
  readonly clusters: readonly string[] | undefined;
}

/** Who belongs to the organisation, how Kubernetes names them, and what they may ask for. */
export interface PeopleConfig {
  readonly sources: readonly ConfiguredSource[];
  /** When the sources are asked and rights are reviewed: a cron expression, or `off`. */
  readonly schedule: string;
  readonly shrinkLimitPercent: number;
  readonly access: AccessSettings;
}

/** Everything a process is told about itself, checked. */
export interface EventsTls {
  readonly port: number;
  /** Paths. */
  readonly cert: string;
  readonly key: string;
}

export interface Config {
  readonly role: 'all' | 'bot' | 'worker';
  readonly slack: SlackConfig;
  /** Undefined starts one. */
  readonly redisUrl: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly clusters: ClusterSelection;
  readonly http: { readonly host: string; readonly port: number };
  /** Where clusters may send events over TLS; undefined when they may not. */
  readonly eventsTls: EventsTls | undefined;
  readonly sandbox: { readonly port: number; readonly portIsChosen: boolean };
  /** Undefined takes what Slack calls the bot. */
  readonly installation: string | undefined;
  readonly timeZone: string;
  readonly channel: string | undefined;
  readonly scanSchedule: string;
  readonly mapSchedule: string;
  readonly digestSchedule: string;
  readonly scanTimeoutMs: number;
  readonly digests: readonly DigestConfig[];
  readonly repositories: readonly Repository[];
  /** Undefined when nobody has set any role. */
  readonly grants: readonly Grant[] | undefined;
  /** Externally shared channels that results may be posted to all the same. */
  readonly sharedChannels: readonly string[];
  readonly people: PeopleConfig;
  readonly approvals: ApprovalSettings;
  readonly checks: CheckSettings;
  readonly detections: DetectionSettings;
  readonly events: readonly EventSettings[];
  /** Of clusters whose connections with the outside are watched. */
  readonly connections: readonly ConnectionSettings[];
  /** Of those, the groups of ranges that stand in files. */
  readonly rangeFiles: readonly RangeFile[];
  readonly concurrency: number;
  readonly keepMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Grants of the configuration file as one list. */
export function grantsOf(file: ConfigFile): readonly Grant[] | undefined {
  const { roles } = file;
  if (roles === undefined) return undefined;
  return ROLES.flatMap((role) => (roles[role] ?? []).map((grant) => ({ role, ...grant })));
}
