import type { KnownPerson } from '#src/model/people-view.ts';
import { AUTHORITIES, type Authority } from '#src/model/people.ts';
import type { Account } from './accounts.ts';

export type Verdict = Pick<KnownPerson, 'state' | 'confidence' | 'doubt'>;

export interface World {
  /** Configured sources that have not answered whole, or not for too long. */
  readonly silent: readonly { readonly source: string; readonly authority: Authority }[];
  /** Whether a staff file or an identity provider is configured. */
  readonly hasTruth: boolean;
}

type State = Account['person']['state'];

/** What one system says with all accounts of a person. */
interface Statement {
  readonly source: string;
  readonly type: string;
  readonly authority: Authority;
  readonly state: State;
  readonly isFresh: boolean;
}

/** Whoever still has one account that works has not left that system. */
const PRESENCE: readonly State[] = ['active', 'suspended', 'departed'];

const DEPARTED_IN: Readonly<Partial<Record<string, string>>> = { slack: 'deactivated in Slack only' };

/** The state of one person. Who is believed most decides; a departure that one of them contradicts is a conflict. */
export function judge(group: readonly Account[], world: World): Verdict {
  const unproven = group.find((account) => !isProven(account));
  const statements = statementsOf(group.filter(isProven));
  const [believed] = statements;
  if (believed === undefined) return conflict(`${unproven?.source ?? ''} does not list them any more, and has not answered whole since`);
  const peers = statements.filter(({ authority }) => authority === believed.authority);
  const other = peers.find(({ state }) => state !== believed.state && (state === 'active' || believed.state === 'active'));
  if (other !== undefined) return conflict(disagreement(believed, other));
  const state = PRESENCE.find((candidate) => peers.some((peer) => peer.state === candidate)) ?? believed.state;
  const below = statements.find((statement) => statement.state === 'departed' && !peers.includes(statement));
  if (state === 'active' && below !== undefined) return conflict(disagreement(believed, below));
  const confidence = isTruth(believed.authority) && peers.every(({ isFresh }) => isFresh) ? 'high' : 'medium';
  if (state !== 'departed') return { state, confidence, ...(!believed.isFresh && { doubt: stale(believed) }) };
  return departed(statements, confidence, world, unproven);
}

/** Chat and code hosts alone are believed less, and not at all while somebody who would know better cannot be asked. */
function departed(statements: readonly Statement[], confidence: Verdict['confidence'], world: World, unproven: Account | undefined): Verdict {
  const [believed] = statements;
  if (believed === undefined || confidence === 'high') return { state: 'departed', confidence };
  if (isTruth(believed.authority)) return { state: 'departed', confidence, doubt: stale(believed) };
  const unheard = [...world.silent, ...(unproven === undefined ? [] : [unproven])].find(({ authority }) => isTruth(authority));
  if (unheard !== undefined) return conflict(`${unheard.source} is believed more and does not answer whole`);
  const sayers = statements.filter(({ state }) => state === 'departed');
  const only = sayers.length === 1 ? (DEPARTED_IN[believed.type] ?? `departed in ${believed.source} only`) : `departed in ${sayers.map(({ source }) => source).join(' and ')} only`;
  return { state: 'departed', confidence, doubt: world.hasTruth ? `${only}; no identity provider knows them` : only };
}

/** Absence proves something only while the source goes on answering. */
function isProven({ person, isFresh, isWell }: Account): boolean {
  return !person.absent || (isFresh && isWell);
}

/** One per source, in the order of the accounts. */
function statementsOf(accounts: readonly Account[]): readonly Statement[] {
  const bySource = new Map<string, Statement>();
  for (const { source, type, authority, person, isFresh } of accounts) {
    const known = bySource.get(source);
    const state = known !== undefined && PRESENCE.indexOf(known.state) < PRESENCE.indexOf(person.state) ? known.state : person.state;
    bySource.set(source, { source, type, authority, state, isFresh });
  }
  return [...bySource.values()];
}

function conflict(doubt: string): Verdict {
  return { state: 'conflict', confidence: 'medium', doubt };
}

function disagreement(one: Statement, other: Statement): string {
  return `${one.source} says ${one.state}, ${other.source} says ${other.state}`;
}

function stale({ source }: Statement): string {
  return `${source} has not answered whole for too long`;
}

function isTruth(authority: Authority): boolean {
  return rank(authority) <= rank('identity-provider');
}

function rank(authority: Authority): number {
  return AUTHORITIES.indexOf(authority);
}
