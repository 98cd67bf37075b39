import { z } from 'zod';
import { peopleShape, temporaryAccessShape } from './access-settings.ts';
import { approvalsShape } from './approval-settings.ts';
import { checkSettingsShape } from './check-settings.ts';
import { connectionsShape } from './connection-settings.ts';
import { detectionSettingsShape } from './detection-settings.ts';
import { eventsShape } from './event-settings.ts';
import { repositoryShape } from './repositories.ts';
import { isChannel, isSchedule, isZone } from './values.ts';

const schedule = z.string().refine(isSchedule, { error: 'is no cron expression of five fields that is ever due, and not `off`' });
const zone = z.string().refine(isZone, { error: 'is no time zone name such as Europe/Paris' });
const channel = z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' });
const member = z.string().regex(/^([UWS][A-Z0-9]{2,}|\*)$/, { error: 'is no Slack user id (U…), user group id (S…) or `*`' });

const clusterShape = z.strictObject({
  name: z.string().min(1).max(80).regex(/^[^\s"'`]+$/, { error: 'must not hold blanks or quotes' }),
  context: z.string().min(1).optional(),
  kubeconfig: z.string().min(1).optional(),
  inCluster: z.boolean().optional(),
  production: z.boolean().default(false),
  channel: channel.optional(),
  schedule: schedule.optional(),
  mapSchedule: schedule.optional(),
  timeZone: zone.optional(),
  probeSsh: z.boolean().optional(),
  readKubelets: z.boolean().optional(),
});

const grant = z.union([
  member.transform((who) => ({ who, clusters: undefined })),
  z.strictObject({ who: member, clusters: z.array(z.string()).min(1).optional() }).transform(({ who, clusters }) => ({ who, clusters })),
]);

/** A grant to decide may be narrower than a cluster. */
const approverGrant = z.union([
  member.transform((who) => ({ who, clusters: undefined })),
  z
    .strictObject({ who: member, clusters: z.array(z.string()).min(1).optional(), namespaces: z.array(z.string().min(1)).min(1).optional(), kinds: z.array(z.string()).min(1).optional() })
    .transform(({ who, clusters, namespaces, kinds }) => ({ who, clusters, ...(namespaces && { namespaces }), ...(kinds && { kinds }) })),
]);

const digestShape = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'may hold only a-z, 0-9 and dashes, at most 40' }).optional(),
  channel,
  schedule: schedule.optional(),
  timeZone: zone.optional(),
  clusters: z.array(z.string()).min(1).optional(),
});

/** The configuration file. Unknown keys are errors. */
export const fileShape = z.strictObject({
  timeZone: zone.optional(),
  channel: channel.optional(),
  scanSchedule: schedule.optional(),
  mapSchedule: schedule.optional(),
  digestSchedule: schedule.optional(),
  clusters: z.array(clusterShape).min(1).optional(),
  roles: z.strictObject({ viewer: z.array(grant), operator: z.array(grant), approver: z.array(approverGrant), admin: z.array(grant) }).partial().optional(),
  digests: z.array(digestShape).optional(),
  repositories: z.array(repositoryShape).optional(),
  people: peopleShape.optional(),
  temporaryAccess: temporaryAccessShape.optional(),
  approvals: approvalsShape.optional(),
  checks: checkSettingsShape.optional(),
  detections: detectionSettingsShape.optional(),
  events: eventsShape.optional(),
  connections: connectionsShape.optional(),
  slack: z.strictObject({ sharedChannels: z.array(channel).optional() }).optional(),
});

export type ConfigFile = z.output<typeof fileShape>;
export type FileCluster = z.output<typeof clusterShape>;
export type FileDigest = z.output<typeof digestShape>;
