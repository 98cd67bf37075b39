import { z } from 'zod';
import { parseDuration } from '#src/model/duration.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { ApprovalSettings, Delegate, KindSettings } from '#src/model/settings.ts';
import type { ConfigFault } from './faults.ts';
import { isDay } from '#src/model/day.ts';
import { isChannel } from './values.ts';

const LONGEST_MS = 30 * 24 * 3600_000;

const approver = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, { error: 'is no Slack user id (U…) or user group id (S…)' });
const person = z.string().regex(/^[UW][A-Z0-9]{2,}$/, { error: 'is no Slack user id (U…)' });
const day = z.string().refine(isDay, { error: 'is no day such as 2026-12-01' });
const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? Infinity) <= LONGEST_MS, { error: 'is no duration such as 30m, 8h or 3d, at most 30d' })
  .transform((text) => parseDuration(text) ?? LONGEST_MS);

const kindShape = z.strictObject({
  approvers: z.array(approver).min(1).optional(),
  approvals: z.int().min(1).max(5).optional(),
  expiresAfter: duration.optional(),
  escalateTo: z.array(approver).min(1).optional(),
});

/** How requests are decided, as the configuration file has it under `approvals`. */
export const approvalsShape = z.strictObject({
  channel: z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' }).optional(),
  kinds: z.record(z.string(), kindShape).optional(),
  delegates: z.array(z.strictObject({ from: person, to: person, since: day, until: day })).optional(),
});

type GivenApprovals = z.output<typeof approvalsShape> | undefined;

export function approvalSettings(given: GivenApprovals, channel: string | undefined): ApprovalSettings {
  const settings = Object.entries(given?.kinds ?? {}).map(([name, { approvers, approvals, expiresAfter, escalateTo }]): [string, KindSettings] => [
    name,
    {
      ...(approvers && { approvers }),
      ...(approvals !== undefined && { approvals }),
      ...(expiresAfter !== undefined && { expiresAfterMs: expiresAfter }),
      ...(escalateTo && { escalateTo }),
    },
  ]);
  return { channel: given?.channel ?? channel, kinds: Object.fromEntries(settings), delegates: given?.delegates ?? [] };
}

/** Kinds that there are not, and delegates of nobody or of no day. */
export function approvalFaults(given: GivenApprovals, kindsOfGrants: readonly (readonly [name: string, kinds: readonly string[]])[], known: readonly string[] | undefined): readonly ConfigFault[] {
  const used = [...Object.keys(given?.kinds ?? {}).map((kind) => [`approvals.kinds.${kind}`, [kind]] as const), ...kindsOfGrants];
  const problem = (kind: string, all: readonly string[]) => `names no kind of request; there are ${all.join(', ')}.${didYouMean(kind, all)}`;
  return [
    ...(known === undefined ? [] : used.flatMap(([name, names]) => names.filter((kind) => !known.includes(kind)).map((kind) => ({ name, problem: problem(kind, known) })))),
    ...(given?.delegates ?? []).flatMap((delegate, index) => delegateFaults(delegate, `approvals.delegates[${index}]`)),
  ];
}

function delegateFaults({ from, to, since, until }: Delegate, name: string): readonly ConfigFault[] {
  return [
    ...(from === to ? [{ name, problem: 'names the same person twice' }] : []),
    ...(since > until ? [{ name, problem: 'ends before it begins' }] : []),
  ];
}
