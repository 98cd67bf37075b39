import type { Change, ObjectAddress } from './plan.ts';
import { formatPath } from './raw.ts';
import type { ApprovalRequest, RequestCard } from './request.ts';

/** One change as people read it. */
export interface ShownChange {
  readonly cluster: string;
  /** `cluster-admin in the whole cluster` */
  readonly text: string;
  /** What the API server is asked to do: `delete ClusterRoleBinding ops-bob`. */
  readonly deed: string;
  readonly state: 'open' | 'done' | 'failed' | 'taken-back' | 'not-taken-back';
  readonly problem?: string;
  /** What a person can type instead. */
  readonly command?: string;
  readonly irreversible?: string;
}

type Told =
  | 'id' | 'kind' | 'clusters' | 'production' | 'requester' | 'planHash' | 'needed' | 'approvals' | 'decision' | 'ruling' | 'state'
  | 'owner' | 'createdAt' | 'expiresAt' | 'lastsMs' | 'endsAt' | 'verification' | 'undoneVerification' | 'problem' | 'follows' | 'changedSince' | 'narrowed' | 'observed' | 'revert' | 'successor' | 'approvers' | 'reminders' | 'escalated';

/**
 * What messages say about a request. Small, since it is kept with each of them, and without the objects that the plan holds: what
 * stands in them is nobody's to read here.
 */
export interface RequestShown extends Pick<ApprovalRequest, Told> {
  readonly card: Omit<RequestCard, 'facts'>;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The first few in the order of the plan, those that failed before all others. */
  readonly changes: readonly ShownChange[];
  /** Over all changes, also those that are not among the first few. */
  readonly counts: { readonly all: number; readonly done: number; readonly failed: number; readonly takenBack: number; readonly notTakenBack: number; readonly irreversible: number };
  /** Single changes can be approved alone. */
  readonly narrowable?: true;
  /** It would take somebody's access away, of which approvers may rule. */
  readonly rulable?: true;
  readonly stays: readonly string[];
  /** Of the last thing that happened to it. */
  readonly changedAt: string;
}

/** As many as a message lists. */
export const SHOWN_CHANGES = 8;
const STAYS = 5;

/** Every message about a request is rendered from this. */
export function shownRequest(request: ApprovalRequest, most = SHOWN_CHANGES): RequestShown {
  const { id, kind, card, clusters, production, requester, planHash, needed, approvals, decision, ruling, state, about, createdAt, expiresAt, lastsMs, endsAt, verification, undoneVerification, problem, follows, changedSince, narrowed, parts, observed, revert, successor, owner, approvers, reminders, escalated } = request;
  const { facts, ...rest } = card;
  const changes = request.plan.changes.map((change, index) => shownChange(change, request.results[index]));
  const count = (wanted: ShownChange['state']) => changes.filter((change) => change.state === wanted).length;
  return {
    ...{ id, kind, clusters, production, requester, planHash, needed, approvals, state, createdAt, expiresAt, approvers, reminders },
    card: rest,
    facts: facts.map(([name, value]) => ({ name, value })),
    ...(decision && { decision }),
    ...(ruling && { ruling }),
    ...(about && { rulable: true as const }),
    ...(lastsMs !== undefined && { lastsMs }),
    ...(endsAt !== undefined && { endsAt }),
    ...(verification && { verification }),
    ...(undoneVerification && { undoneVerification }),
    ...(problem !== undefined && { problem }),
    ...(follows && { follows }),
    ...(changedSince && { changedSince }),
    ...(narrowed && { narrowed }),
    ...(parts !== undefined && parts.length > 1 && { narrowable: true as const }),
    ...(revert && { revert }),
    ...(observed && { observed }),
    ...(owner && { owner }),
    ...(successor !== undefined && { successor }),
    ...(escalated && { escalated }),
    changes: [...changes.filter(isFailure), ...changes.filter((change) => !isFailure(change))].slice(0, most),
    counts: {
      all: changes.length,
      done: count('done'),
      failed: count('failed'),
      takenBack: count('taken-back'),
      notTakenBack: count('not-taken-back'),
      irreversible: changes.filter(({ irreversible }) => irreversible !== undefined).length,
    },
    stays: request.plan.stays.length > STAYS ? [...request.plan.stays.slice(0, STAYS - 1), `${request.plan.stays.length - STAYS + 1} more rights stay as well.`] : request.plan.stays,
    changedAt: request.journal.at(-1)?.at ?? createdAt,
  };
}

function isFailure({ state }: ShownChange): boolean {
  return state === 'failed' || state === 'not-taken-back';
}

function shownChange(change: Change, result: ApprovalRequest['results'][number] | undefined): ShownChange {
  const { address, text, irreversible } = change;
  return {
    cluster: address.cluster,
    text,
    deed: deedOf(change),
    state: result?.state ?? 'open',
    ...(result?.problem !== undefined && { problem: result.problem }),
    ...(result?.command !== undefined && { command: result.command }),
    ...(irreversible !== undefined && { irreversible }),
  };
}

/** The verb and the object. Values that would be set are not told: they may be secret. */
function deedOf(change: Change): string {
  const object = objectName(change.address);
  switch (change.type) {
    case 'create':
      return `create ${object}`;
    case 'delete':
      return `delete ${object}`;
    case 'replace':
      return `update ${object}`;
    case 'remove-item':
      return `update ${object}: take one entry out of ${formatPath(change.path)}`;
    case 'set-text':
      return `update ${object}: ${change.value === undefined ? 'take away' : 'set'} ${formatPath(change.path)}`;
    case 'set-texts':
      return `update ${object}: set ${formatPath(change.path)}`;
  }
}

function objectName({ kind, namespace, name }: ObjectAddress): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
