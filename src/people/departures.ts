import type { PeopleSnapshot } from '#src/model/people-store.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import { AUTHORITIES } from '#src/model/people.ts';
import { accountsOf, groupAccounts, type Account } from './accounts.ts';
import { judge } from './judge.ts';
import { isStale } from './source-health.ts';

export interface SourceKnowledge {
  /** As configured. */
  readonly source: string;
  readonly authority: PeopleSnapshot['authority'];
  /** Undefined while it was never asked. */
  readonly snapshot: PeopleSnapshot | undefined;
}

/**
 * One list of people out of all configured sources, in order of their ids. Bots are left out.
 *
 * Accounts are of one person when they share an address that is in use in one of them, or a login: exactly, except for the case of
 * addresses. A login that could be anybody's, such as `alice`, joins nobody whose addresses say otherwise.
 */
export function joinPeople(sources: readonly SourceKnowledge[], now: Date, staleAfterMs: number): readonly KnownPerson[] {
  const accounts = sources.flatMap(({ authority, snapshot }) => (snapshot === undefined ? [] : accountsOf({ ...snapshot, authority }, isStale(snapshot, now, staleAfterMs))));
  const silent = sources.filter(({ snapshot }) => snapshot === undefined || isStale(snapshot, now, staleAfterMs));
  const world = { silent, hasTruth: sources.some(({ authority }) => authority === 'staff-file' || authority === 'identity-provider') };
  return groupAccounts(accounts)
    .map((group) => personOf(group.toSorted(byAuthority), world))
    .sort((one, other) => compare(one.id, other.id));
}

/** Most believed first; a lasting order within. */
function byAuthority(one: Account, other: Account): number {
  return AUTHORITIES.indexOf(one.authority) - AUTHORITIES.indexOf(other.authority) || compare(idOf(one), idOf(other));
}

function personOf(group: readonly Account[], world: Parameters<typeof judge>[1]): KnownPerson {
  const verdict = judge(group, world);
  const [first] = group;
  const people = group.map(({ person }) => person);
  const slack = group.find(({ type, person }) => type === 'slack' && person.state !== 'departed') ?? group.find(({ type }) => type === 'slack');
  const manager = people.find((person) => person.manager !== undefined)?.manager;
  const since = group.find(({ person }) => person.state === verdict.state && person.since !== undefined)?.person.since;
  return {
    id: first === undefined ? '' : idOf(first),
    name: first?.person.name ?? '',
    emails: unique(people.flatMap(({ emails }) => emails)),
    logins: [...new Set(people.flatMap(({ logins }) => logins))],
    kind: people.some(({ kind }) => kind === 'person') ? 'person' : 'guest',
    ...verdict,
    ...(slack !== undefined && { slackId: slack.person.id }),
    ...(manager !== undefined && { manager }),
    ...(since !== undefined && { since }),
    testimonies: group.map(({ source, person, asOf }) => ({ source, person, asOf })),
  };
}

function idOf({ source, person }: Account): string {
  return `${source}/${person.id}`;
}

/** Addresses in their order, told apart without regard to case. */
function unique(emails: readonly string[]): readonly string[] {
  return [...new Map(emails.toReversed().map((email) => [email.toLowerCase(), email])).values()].reverse();
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
