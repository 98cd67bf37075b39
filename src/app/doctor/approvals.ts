import { kinds } from '#src/approvals/kinds/index.gen.ts';
import type { Config } from '#src/config/config.ts';
import type { Grant } from '#src/model/access.ts';
import type { ApprovalKind } from '#src/model/request.ts';
import type { LookUp } from './look-up.ts';
import type { Verdict } from './verdict.ts';

const about = 'Approvals';
const EVERYBODY = '*';

/** A place that requests can be about. */
interface Place {
  /** Undefined where only the cluster itself tells its name. */
  readonly cluster: string | undefined;
  readonly production: boolean;
}

/** Why requests of a kind come to nothing, and in which clusters. */
interface Trouble {
  readonly kind: string;
  readonly cluster: string | undefined;
  readonly text: string;
}

/** Whether every kind of request has somebody who decides it, and a channel to be asked in. */
export async function* examineApprovals(config: Config, lookUp: LookUp): AsyncGenerator<Verdict> {
  const places = placesOf(config);
  const troubles: Trouble[] = [];
  for (const kind of kinds) {
    for (const place of places) {
      const text = await troubleOf(kind, place, config, lookUp);
      if (text !== undefined) troubles.push({ kind: kind.name, cluster: place.cluster, text });
    }
  }
  // Where nothing was set up for requests, nobody misses them.
  const level = isWanted(config) ? 'warn' : 'note';
  const texts = [...told(troubles, places.length), ...(hasChannel(config) ? [] : ['there is no channel for requests that the bot itself makes. Set approvals.channel, or channel.'])];
  for (const text of texts) yield { level, about, text };
  if (texts.length === 0) yield { level: 'ok', about, text: 'every kind of request has somebody who may decide it, and a channel' };
}

function placesOf({ clusters }: Config): readonly Place[] {
  return clusters.from === 'named' ? clusters.clusters.map(({ name, production }) => ({ cluster: name, production })) : [{ cluster: undefined, production: false }];
}

function isWanted({ people, approvals }: Config): boolean {
  return people.sources.length > 0 || people.access.temporaryRoles.length > 0 || Object.keys(approvals.kinds).length > 0;
}

/** A request about several clusters goes to none of their own channels. */
function hasChannel({ approvals, clusters }: Config): boolean {
  return approvals.channel !== undefined || (clusters.from === 'named' && clusters.clusters.length === 1 && clusters.clusters[0]?.channel !== undefined);
}

async function troubleOf(kind: ApprovalKind, place: Place, { approvals, grants = [] }: Config, lookUp: LookUp): Promise<string | undefined> {
  const own = approvals.kinds[kind.name];
  const deciding = own?.approvers?.map((who) => ({ who, namespaces: undefined })) ?? grants.filter((grant) => decides(grant, kind, place));
  const section = own?.approvers === undefined ? 'roles.approver' : `approvals.kinds.${kind.name}.approvers`;
  if (deciding.length === 0) return `nobody may decide. Name approvers under ${section}.`;
  if (deciding.every(({ namespaces }) => namespaces !== undefined)) return `nobody may decide what reaches beyond the namespaces of the grants. Name somebody without namespaces under ${section}.`;
  if (deciding.some(({ who }) => who === EVERYBODY)) return undefined;
  const found = await Promise.all(deciding.map(({ who }) => lookUp(who)));
  const count = new Set(found.flatMap((one) => ('people' in one ? one.people : []))).size;
  const needed = own?.approvals ?? (place.production ? kind.approvals.production : kind.approvals.usual);
  if (count >= needed) return undefined;
  if (found.some((one) => !('people' in one))) return `nobody knows whether anybody may decide: not everybody under ${section} could be looked up.`;
  return count === 0 ? `nobody may decide: those named are not there any more. Correct ${section}.` : `${needed} people have to approve, and only ${count} may. Name more under ${section}.`;
}

function decides({ role, clusters, kinds: only }: Grant, { name }: ApprovalKind, { cluster }: Place): boolean {
  const isHere = cluster === undefined || (clusters?.includes(cluster) ?? true);
  return (role === 'approver' || role === 'admin') && isHere && (only?.includes(name) ?? true);
}

/** One sentence for what several kinds and clusters have in common. */
function told(troubles: readonly Trouble[], placeCount: number): readonly string[] {
  const byKind = Map.groupBy(troubles, ({ kind, text }) => `${kind}\n${text}`);
  const perKind = [...byKind.values()].map((same) => ({ kind: same[0]?.kind ?? '', text: same[0]?.text ?? '', where: same.length === placeCount ? '' : ` in ${same.map(({ cluster }) => cluster ?? '').join(', ')}` }));
  return [...Map.groupBy(perKind, ({ where, text }) => `${where}: ${text}`)].map(([rest, same]) => `requests of the kind${same.length === 1 ? '' : 's'} ${same.map(({ kind }) => kind).join(', ')}${rest}`);
}
