import type { Access } from './access.ts';
import type { ActivityView } from './activity.ts';
import type { ApprovalRuns, Approvals } from './approvals.ts';
import type { Check } from './check.ts';
import type { Clock } from './clock.ts';
import type { Clusters } from './clusters.ts';
import type { Command } from './command.ts';
import type { Connections } from './connection.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Digests } from './digests.ts';
import type { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Needs } from './needs.ts';
import type { Maps } from './network-map.ts';
import type { Outbox } from './outbox.ts';
import type { OwnPolicies } from './own-policies.ts';
import type { People } from './people-service.ts';
import type { Questions } from './questions.ts';
import type { Repositories } from './repositories.ts';
import type { ScanRuns } from './scan-runs.ts';
import type { Scans } from './scans.ts';
import type { Schedules } from './schedules.ts';
import type { AccessSettings } from './settings.ts';
import type { UnknownUsers } from './unknown-users.ts';

/** The world as commands and jobs see it. Built once, in src/app.ts. */
export interface Services {
  readonly clock: Clock;
  readonly log: Log;
  /** Zone for times in plain text. */
  readonly zone: string;
  readonly checks: readonly Check[];
  readonly commands: readonly Command[];
  readonly access: Access;
  readonly approvals: Approvals;
  /** Who belongs to the organisation. */
  readonly people: People;
  /** Questions to inactive people whether they still need their access. */
  readonly needs: Needs;
  /** What was told about users whom nobody knows. */
  readonly unknownUsers: UnknownUsers;
  /** Who was seen in the clusters. */
  readonly activity: ActivityView;
  readonly accessSettings: AccessSettings;
  readonly approvalRuns: ApprovalRuns;
  /** Of people, about what was done in their name. */
  readonly questions: Questions;
  readonly clusters: Clusters;
  /** Of workloads with the outside. */
  readonly connections: Connections;
  /** Policies that this bot has made. */
  readonly ownPolicies: OwnPolicies;
  readonly scans: Scans;
  readonly scanRuns: ScanRuns;
  readonly maps: Maps;
  readonly repositories: Repositories;
  readonly digests: Digests;
  readonly schedules: Schedules;
  readonly outbox: Outbox;
  readonly decisions: DecisionLog;
  readonly health: Health;
  /** Whether Slack lets the bot attach files; true until this process knows better. */
  readonly attachesFiles: () => boolean;
}
