import type { Area } from '#src/model/finding.ts';

/** Units that carry no tips themselves, by name. */
export interface TipUnits {
  readonly kinds?: readonly string[];
  readonly commands?: readonly string[];
  readonly jobs?: readonly string[];
  /** Of the command line. */
  readonly cli?: readonly string[];
}

/** What answers each tip besides checks and detections, which name their tips themselves. */
export const TIP_UNITS: Readonly<Record<Area, TipUnits>> = {
  encryption: {},
  access: {
    kinds: ['remove-user', 'temporary-access', 'revoke-key', 'freeze-user'],
    commands: ['access', 'who-can', 'users', 'remove-user', 'keep', 'give-up', 'not-theirs', 'revoke'],
    jobs: ['review-people', 'ask-removal', 'sync-people', 'note-certificates'],
  },
  exposure: { kinds: ['first-connection', 'allow-remote'], commands: ['map', 'connections', 'allow', 'ask-owner', 'known'], jobs: ['draw-map', 'draw-daily-map', 'scan-cluster'], cli: ['map'] },
  iac: { commands: ['iac'], jobs: ['scan-repository'], cli: ['scan'] },
  workload: { kinds: ['revoke-key'], commands: ['revoke'], cli: ['scan'] },
  node: { cli: ['scan', 'node-files'] },
  connections: { kinds: ['first-connection', 'allow-remote', 'block-connection', 'isolate-workload'], commands: ['map', 'connections', 'allow', 'isolate', 'ask-owner', 'known'], jobs: ['draw-map', 'draw-daily-map', 'ask-connections', 'block-denied', 'forget-connections', 'sweep-policies'], cli: ['events', 'map'] },
  audit: { kinds: ['freeze-user'], commands: ['answer', 'freeze'], cli: ['events', 'audit'] },
};

/** Units that serve every tip alike. */
export const EVERY_TIP: Required<TipUnits> = {
  kinds: [],
  commands: ['approvals', 'approve', 'cancel', 'clusters', 'deny', 'explain', 'findings', 'help', 'report', 'retry', 'scan', 'schedule', 'status', 'undo'],
  jobs: ['carry-out', 'daily-digest', 'scan', 'scan-cluster', 'scheduled-scan'],
  cli: ['start', 'doctor', 'report', 'checks'],
};

/** What a tip asks for and nothing answers yet. It leaves this table with the change that adds its unit. */
export interface PlannedGap {
  /** Of the check or detection to come. */
  readonly id: string;
  readonly what: string;
  /** What answers a part of it meanwhile: `job review-people`. */
  readonly meanwhile?: readonly string[];
}

export const PLANNED: readonly PlannedGap[] = [];
