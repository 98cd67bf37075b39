import { z } from 'zod';
import { parseDuration } from '#src/model/duration.ts';
import { isSchedule } from './values.ts';
import { NO_ACCESS_SETTINGS, type AccessSettings } from '#src/model/settings.ts';

const name = z.string().min(1).max(500);
const PLACES = ['{email}', '{login}', '{local}'];
const LONGEST_MS = 24 * 3600_000;

const template = name.refine((text) => PLACES.some((place) => text.includes(place)), { error: 'holds none of {email}, {login} and {local}' });
const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= LONGEST_MS, { error: 'is no duration such as 30m or 4h, at most 24h' })
  .transform((text) => parseDuration(text) ?? LONGEST_MS);

const temporaryRole = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'may hold only a-z, 0-9 and dashes, at most 40' }),
  clusterRole: name.optional(),
  text: z.string().min(1).max(100),
  max: duration.default(8 * 3600_000),
  sensitive: z.boolean().default(false),
  clusters: z.array(name).min(1).optional(),
  namespaces: z.array(name).min(1).optional(),
});

/** How Kubernetes names people, and whose rights are left alone, as the configuration file has it under `people`. */
export const peopleShape = z.strictObject({
  /** Systems that know who belongs to the organisation; each entry is checked by the source it names. */
  sources: z.array(z.looseObject({ type: name, name: z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'may hold only a-z, 0-9 and dashes, at most 40' }).optional() })).optional(),
  usernames: z.strictObject({ prefix: z.string().max(200).optional(), templates: z.array(template).min(1).optional() }).optional(),
  aliases: z.record(name, name).optional(),
  breakGlass: z.array(name).optional(),
  exempt: z.array(name).optional(),
  inactiveDays: z.int().min(30).max(365).optional(),
  /** How people are asked who were not seen for so long. */
  inactive: z.strictObject({ askDays: z.int().min(1).max(90).optional(), owners: z.array(z.string().regex(/^[UW][A-Z0-9]{2,}$/, { error: 'is no Slack user id (U…)' })).optional() }).optional(),
  removalsPerReview: z.int().min(1).max(50).optional(),
  /** When the sources are asked and the rights of people are reviewed. */
  schedule: z.string().refine(isSchedule, { error: 'is no cron expression of five fields that is ever due, and not `off`' }).optional(),
  /** Of those who belonged, more than this share missing from an answer is not believed. */
  shrinkLimitPercent: z.int().min(1).max(100).optional(),
});

/** Roles that people may ask for, as the configuration file has it under `temporaryAccess`. */
export const temporaryAccessShape = z.strictObject({ roles: z.array(temporaryRole).min(1) });

export function accessSettings(people: z.output<typeof peopleShape> | undefined, temporary: z.output<typeof temporaryAccessShape> | undefined): AccessSettings {
  const usual = NO_ACCESS_SETTINGS;
  return {
    usernamePrefix: people?.usernames?.prefix ?? usual.usernamePrefix,
    usernameTemplates: people?.usernames?.templates ?? usual.usernameTemplates,
    aliases: new Map(Object.entries(people?.aliases ?? {})),
    breakGlass: people?.breakGlass ?? usual.breakGlass,
    exempt: people?.exempt ?? usual.exempt,
    inactiveDays: people?.inactiveDays ?? usual.inactiveDays,
    inactiveAskDays: people?.inactive?.askDays ?? usual.inactiveAskDays,
    inactiveOwners: people?.inactive?.owners ?? usual.inactiveOwners,
    removalsPerReview: people?.removalsPerReview ?? usual.removalsPerReview,
    temporaryRoles: (temporary?.roles ?? []).map(({ max, clusterRole, ...role }) => ({
      ...role,
      clusterRole: clusterRole ?? role.name,
      maxMs: max,
      clusters: role.clusters,
      namespaces: role.namespaces,
    })),
  };
}
