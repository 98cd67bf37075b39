import { NOT_ASKED, type Caller, type Grant, type Permission } from '#src/model/access.ts';
import type { Approvers, RequestAct } from '#src/model/approvers.ts';
import type { Clock } from '#src/model/clock.ts';
import { LookUpFailed, type SlackPerson } from '#src/model/directory.ts';
import type { Log } from '#src/model/log.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { ApprovalSettings } from '#src/model/settings.ts';
import { isOneOf, notLookedUp, outsiderReason, personalReason, refused, type Surroundings } from './people.ts';

export interface ApproversOptions extends Surroundings {
  /** Undefined when nobody has configured any role. */
  readonly grants: readonly Grant[] | undefined;
  readonly settings: ApprovalSettings;
  /** Whether the sources of people say that somebody has left, whatever Slack says. */
  readonly hasLeft: (slackId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

type About = Pick<ApprovalRequest, 'kind' | 'clusters' | 'namespaces'>;

const NO_APPROVER = 'Only approvers may do this, and you are none of them for this request.';
const NOBODY = 'Nobody may decide this yet: name approvers under roles.approver in the configuration file.';

/** Approvers by the settings of a kind, and by roles where it has none; their delegates by date. */
export function createApprovers(options: ApproversOptions): Approvers {
  const { grants = [], settings, hasLeft, directory, teamId, clock, log } = options;
  const deciding = grants.filter(({ role }) => role === 'approver' || role === 'admin');

  /** Of each cluster, whose grant covers the request there: whoever is named for all of them decides. */
  const named = (request: About): readonly (readonly string[])[] => {
    const own = settings.kinds[request.kind]?.approvers;
    if (own !== undefined) return [own];
    const places = request.clusters.length === 0 ? [undefined] : request.clusters;
    return places.map((cluster) => deciding.filter((grant) => covers(grant, cluster, request)).map(({ who }) => who));
  };
  const isApprover = async (person: SlackPerson, request: ApprovalRequest): Promise<boolean> => {
    const others = request.escalated ? (settings.kinds[request.kind]?.escalateTo ?? []) : [];
    if (await isOneOf(person, others, directory)) return true;
    for (const who of named(request)) if (!(await isOneOf(person, who, directory))) return false;
    return true;
  };
  /** Of some request that there may be. */
  const isAnyApprover = (person: SlackPerson): Promise<boolean> => {
    const ofKinds = Object.values(settings.kinds).flatMap(({ approvers = [], escalateTo = [] }) => [...approvers, ...escalateTo]);
    return isOneOf(person, [...deciding.map(({ who }) => who), ...ofKinds], directory);
  };
  /** In the place of somebody who could decide, today. */
  const isDelegate = async (person: SlackPerson, request: ApprovalRequest | undefined): Promise<boolean> => {
    const today = clock.now().toISOString().slice(0, 10);
    const absent = settings.delegates.filter(({ from, to, since, until }) => to === person.id && since <= today && today <= until && !isConcerned(from, request));
    for (const { from } of absent) {
      const other = await directory.person(from);
      if (await hasLeft(from)) continue;
      if (personalReason(other, teamId) === undefined && (await (request === undefined ? isAnyApprover(other) : isApprover(other, request)))) return true;
    }
    return false;
  };
  const permission = async (caller: Caller, act: RequestAct, request: ApprovalRequest | undefined): Promise<Permission> => {
    const person = await directory.person(caller.userId);
    const outsider = await outsiderReason(person, caller, options);
    if (outsider !== undefined) return refused(outsider);
    if (await hasLeft(caller.userId)) return refused('You have left the organisation or are suspended, as the sources of people say.');
    if (act === 'answer') return answering(person, caller, request, options);
    if (request === undefined) {
      if ((await isAnyApprover(person)) || (await isDelegate(person, request))) return { allowed: true };
      return refused(deciding.length === 0 ? NOBODY : NO_APPROVER);
    }
    const own = ownRight(caller.userId, act, request);
    if (own !== undefined) return own;
    if ((await isApprover(person, request)) || (await isDelegate(person, request))) return { allowed: true };
    const all = named(request);
    const isNobody = all.some((who) => who.length === 0) && !request.escalated;
    return isNobody ? refused(NOBODY) : refused(NO_APPROVER, all.flat());
  };
  return {
    ids: (request) => [...new Set(named(request).flat())].filter((who) => who !== '*'),
    async may(caller, act, request) {
      try {
        return await permission(caller, act, request);
      } catch (error) {
        if (!(error instanceof LookUpFailed)) throw error;
        return notLookedUp(caller, error, log);
      }
    },
  };
}

/** Whoever was asked: the person, the people of the group, or everybody in the channel. @throws {LookUpFailed} */
async function answering(person: SlackPerson, { channelId }: Caller, request: ApprovalRequest | undefined, { directory }: Surroundings): Promise<Permission> {
  const owner = request?.owner;
  const isOwner = owner !== undefined && (owner.who === channelId || (await isOneOf(person, [owner.who], directory)));
  return isOwner ? { allowed: true } : refused(NOT_ASKED);
}

/** A grant for some namespaces covers neither what is outside them nor what is in none. */
function covers({ clusters, namespaces, kinds }: Grant, cluster: string | undefined, request: About): boolean {
  const isHere = clusters === undefined || (cluster !== undefined && clusters.includes(cluster));
  const isWithin = namespaces === undefined || (request.namespaces.length > 0 && request.namespaces.every((name) => namespaces.includes(name)));
  return isHere && isWithin && (kinds?.includes(request.kind) ?? true);
}

/** What follows from having asked for it, or from being whom it is about; undefined where the role decides. */
function ownRight(person: string, act: RequestAct, request: ApprovalRequest): Permission | undefined {
  const isTarget = request.targets.includes(person);
  const isRequester = request.requester.person === person;
  switch (act) {
    case 'decide':
      if (isTarget) return request.ownCase ? { allowed: true } : refused('This is about you, so somebody else must decide.', request.approvers);
      return isRequester ? refused('You asked for this, so somebody else must decide.', request.approvers) : undefined;
    case 'cancel':
    case 'retry':
      if (isRequester) return { allowed: true };
      break;
    case 'undo':
      // Whoever has something for a time may give it up.
      if (request.lastsMs !== undefined && (isRequester || isTarget)) return { allowed: true };
      break;
  }
  return isTarget ? refused('This is about you, so somebody else must do it.', request.approvers) : undefined;
}

function isConcerned(person: string, request: ApprovalRequest | undefined): boolean {
  return request !== undefined && (request.targets.includes(person) || request.requester.person === person);
}
