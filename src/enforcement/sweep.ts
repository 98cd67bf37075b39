import type { Part } from '#src/actions/composition.ts';
import { compositionOf, INSTALLATION_LABEL, MANAGED_BY, standingOf } from '#src/actions/own-objects.ts';
import { takeOut } from '#src/actions/take-out.ts';
import { nameOf } from '#src/actions/wording.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import type { RequestState } from '#src/model/request.ts';
import { ALLOWLIST } from './kept.ts';
import { POLICY_FORMS, type PolicyForm } from './own-policy.ts';

export interface SweepScene {
  readonly cluster: string;
  /** Policies of other bots are none of its business. */
  readonly installation: string;
  readonly now: Date;
  /** Where it makes no policies, it need not have the right to look at them. */
  readonly enforces: boolean;
  /** Undefined for a request that is not known any more. */
  readonly stateOf: (request: string) => Promise<RequestState | undefined>;
}

/** What a sweep did and found. Texts are for people. */
export interface Swept {
  readonly count: number;
  /** Whose parts were taken out of which policy. */
  readonly ended: readonly { readonly policy: string; readonly parts: readonly Part[] }[];
  /** Policies with parts of requests that are not known any more, so that nobody can undo them here. */
  readonly orphans: readonly string[];
  readonly problems: readonly string[];
}

/** Ends what has had its time by what the policies themselves say of it, and what is there for requests that were taken back. */
export async function sweepPolicies(cluster: OpenCluster, scene: SweepScene, signal: AbortSignal): Promise<Swept> {
  const found: Swept[] = [];
  for (const form of POLICY_FORMS) found.push(await sweepKind(form, cluster, scene, signal));
  return { count: found.reduce((sum, { count }) => sum + count, 0), ended: found.flatMap(({ ended }) => ended), orphans: found.flatMap(({ orphans }) => orphans), problems: found.flatMap(({ problems }) => problems) };
}

async function sweepKind(given: PolicyForm, cluster: OpenCluster, scene: SweepScene, signal: AbortSignal): Promise<Swept> {
  const form = { ...given, cluster: scene.cluster };
  let objects: readonly RawObject[];
  try {
    objects = await cluster.labelled(form, { ...MANAGED_BY, [INSTALLATION_LABEL]: scene.installation }, signal);
  } catch (error) {
    if (!(error instanceof ChangeFailed)) throw error;
    // What the API server does not serve, nobody can have made.
    const isUsual = error.fault === 'refused' || (error.fault === 'forbidden' && !scene.enforces);
    return { count: 0, ended: [], orphans: [], problems: isUsual ? [] : [`${form.resource} of ${form.apiVersion} could not be looked at: ${error.message}`] };
  }
  const swept = [];
  for (const object of objects) swept.push(await sweepOne({ ...form, namespace: textAt(object, 'metadata', 'namespace') ?? '', name: textAt(object, 'metadata', 'name') ?? '' }, object, cluster, scene, signal));
  return { count: objects.length, ended: swept.flatMap(({ ended = [] }) => ended), orphans: swept.flatMap(({ orphan = [] }) => orphan), problems: swept.flatMap(({ problem = [] }) => problem) };
}

interface SweptOne {
  readonly ended?: Swept['ended'][number];
  readonly orphan?: string;
  readonly problem?: string;
}

async function sweepOne(address: ObjectAddress, object: RawObject, cluster: OpenCluster, { installation, now, stateOf }: SweepScene, signal: AbortSignal): Promise<SweptOne> {
  const policy = nameOf(address);
  const parts = compositionOf(object)?.parts;
  const standing = standingOf(object, installation);
  if (parts === undefined) return 'problem' in standing ? { problem: `${policy} ${standing.problem}` } : {};
  const states = new Map<string, RequestState | undefined>();
  for (const { request } of parts) if (!states.has(request)) states.set(request, await stateOf(request));
  const isOver = ({ request, until }: Part): boolean => states.get(request) === 'reverted' || (until !== undefined && Date.parse(until) <= now.getTime());
  const unknown = [...states].filter(([request, state]) => state === undefined && request !== ALLOWLIST && parts.some((part) => part.request === request && !isOver(part))).map(([request]) => request);
  const orphan = unknown.length === 0 ? {} : { orphan: `${policy} (${unknown.join(', ')})` };
  const over = parts.filter(isOver);
  if (over.length === 0) return orphan;
  const { state, problem } = await takeOut({ address, installation, isOver }, cluster, signal);
  return { ...orphan, ...(state === 'taken-back' ? { ended: { policy, parts: over } } : { problem: `what had its time in ${policy} goes on: ${problem ?? 'nobody knows why'}` }) };
}
