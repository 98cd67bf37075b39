import { randomBytes } from 'node:crypto';
import type { Caller } from '#src/model/access.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { UsageError, type Answer, type Arguments } from '#src/model/command.ts';
import { parseDuration } from '#src/model/duration.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { OBJECT_PREFIX } from '#src/model/plan.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import type { TemporaryRole } from '#src/model/settings.ts';
import { template as accessRequest } from '#templates/access-request.ts';
import { template as notice } from '#templates/notice.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { namedCluster, permittedClusters } from './clusters.ts';
import { readingSignal } from './people.ts';

const NEEDED = ['cluster', 'namespace', 'role', 'for', 'reason'] as const;

/** Whether a form would have something to ask. */
export function lacksSomething({ options }: Arguments): boolean {
  return NEEDED.some((name) => options[name] === undefined);
}

/** Asks for a role in a namespace for a time, or shows the form for it. */
export async function requestAccess(args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const roles = services.accessSettings.temporaryRoles;
  if (roles.length === 0) throw new UsageError('No role can be asked for. Whoever runs this bot names them as temporaryAccess.roles in the configuration file.');
  const permitted = await permittedClusters('viewer', caller, services);
  const clusters = permitted.map(({ name }) => name).filter((name) => roles.some((role) => role.clusters?.includes(name) ?? true));
  if (clusters.length === 0) throw new UsageError('There is no cluster that you could ask for access to.');
  if (lacksSomething(args)) {
    const data = { clusters, roles, given: args.options };
    const form = { title: 'Request access', submit: 'Ask', blocks: accessRequest.render({ ...data, form: true }, services).blocks, action: { command: 'access', args: ['request'] } };
    return { message: accessRequest.render({ ...data, form: false }, services), form };
  }
  const { namespace = '', reason = '', ticket } = args.options;
  const wish = {
    person: caller.userId,
    name: caller.name,
    cluster: namedCluster(args.options.cluster ?? '', permitted).name,
    namespace,
    role: namedRole(args.options.role ?? '', roles).name,
    lastsMs: durationOf(args.options.for ?? ''),
    reason: reasonOf(reason),
    ...(ticket !== undefined && { ticket }),
    binding: `${OBJECT_PREFIX}${randomBytes(5).toString('hex')}`,
  };
  try {
    const { request, joined } = await services.approvals.ask('temporary-access', wish, { requester: { person: caller.userId, name: caller.name } }, readingSignal());
    const text = joined ? 'You have asked for that already.' : 'Asked. You will be told in a direct message how it ends.';
    return { title: 'Asked', message: requestAnswer.render({ text, ask: [], request: shownRequest(request) }, services) };
  } catch (error) {
    if (error instanceof NothingToPropose) return { title: 'Not asked', message: notice.render({ text: error.message }, services) };
    throw error;
  }
}

/** The caller's own access, asked for and given. */
export async function ownAccess(_args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const open = await services.approvals.open();
  const own = open.filter(({ kind, requester }) => kind === 'temporary-access' && requester.person === caller.userId);
  if (own.length === 0) return { message: notice.render({ text: 'You have no access for a time, and have asked for none.', next: '/k8ssec access request' }, services) };
  const [first, ...others] = own;
  const text = others.length === 0 ? 'This is yours.' : `The latest of ${own.length}: ${own.map(({ id, card }) => `${id} (${card.header.replace(/^Access request: /, '')})`).join(', ')}.`;
  return { message: requestAnswer.render({ text, ask: [], ...(first && { request: shownRequest(first) }) }, services) };
}

function namedRole(name: string, roles: readonly TemporaryRole[]): TemporaryRole {
  const names = roles.map((role) => role.name);
  const found = roles.find((role) => role.name === name.toLowerCase());
  if (found === undefined) throw new UsageError(`There is no role "${name}" to ask for.${didYouMean(name, names)} Roles: ${names.join(', ')}.`);
  return found;
}

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new UsageError(`"${text}" is no length of time such as 30m or 4h.`);
  return ms;
}

function reasonOf(text: string): string {
  const { min, max } = REASON_LENGTH;
  if (text.length < min || text.length > max) throw new UsageError(`Say what for, in ${min} to ${max} characters.`);
  return text;
}
