import type { PeopleSnapshot, StoredPerson } from '#src/model/people-store.ts';

/** A person in one system, with what has to be known of the answer they stand in. */
export interface Account {
  readonly source: string;
  /** Type of the source. */
  readonly type: string;
  readonly authority: PeopleSnapshot['authority'];
  readonly person: StoredPerson;
  readonly asOf: string;
  /** The source has answered whole, and not too long ago. */
  readonly isFresh: boolean;
  /** The last answer of the source was used. */
  readonly isWell: boolean;
}

/** Everybody in a snapshot except bots. */
export function accountsOf({ source, type, authority, people, whole, trouble }: PeopleSnapshot, isStale: boolean): readonly Account[] {
  if (whole === undefined) return [];
  return people
    .filter(({ kind }) => kind !== 'bot')
    .map((person) => ({ source, type, authority, person, asOf: person.lastTold ?? whole.at, isFresh: !isStale, isWell: trouble === undefined }));
}

/** The accounts of each human being together. */
export function groupAccounts(accounts: readonly Account[]): readonly (readonly Account[])[] {
  const groups = createGroups(accounts);
  for (const { first, sharing } of sharedBy(accounts, ({ emails }) => emails.map((email) => email.toLowerCase()))) {
    // An address in use by nobody, such as a common mailbox behind several names, tells nothing.
    if (first) groups.join(sharing);
  }
  const logins = [...sharedBy(accounts, ({ logins }) => logins)];
  for (const { key, sharing } of logins) if (isLasting(key)) groups.join(sharing);
  for (const { key, sharing } of logins) if (!isLasting(key) && groups.withEmails(sharing) <= 1) groups.join(sharing);
  return groups.all();
}

/** A login that names its system, such as `scaleway:bearer:<id>`, an ARN or an address: no other person has it anywhere. */
function isLasting(login: string): boolean {
  return /[:@/=]/.test(login);
}

interface Shared {
  readonly key: string;
  readonly sharing: readonly Account[];
  /** It is the first name of one of them. */
  readonly first: boolean;
}

function* sharedBy(accounts: readonly Account[], keysOf: (person: StoredPerson) => readonly string[]): Generator<Shared> {
  const byKey = new Map<string, { sharing: Account[]; first: boolean }>();
  for (const account of accounts) {
    for (const [index, key] of keysOf(account.person).entries()) {
      const entry = byKey.get(key) ?? { sharing: [], first: false };
      entry.sharing.push(account);
      entry.first ||= index === 0;
      byKey.set(key, entry);
    }
  }
  for (const [key, { sharing, first }] of byKey) if (sharing.length > 1) yield { key, sharing, first };
}

interface Groups {
  readonly join: (accounts: readonly Account[]) => void;
  /** Of how many groups with addresses these are. */
  readonly withEmails: (accounts: readonly Account[]) => number;
  readonly all: () => readonly (readonly Account[])[];
}

/** Disjoint sets; the smaller one moves into the larger. */
function createGroups(accounts: readonly Account[]): Groups {
  const groupOf = new Map<Account, Account[]>(accounts.map((account) => [account, [account]]));
  const merge = (one: Account[], other: Account[]): Account[] => {
    if (one === other) return one;
    const [small, large] = one.length < other.length ? [one, other] : [other, one];
    large.push(...small);
    for (const account of small) groupOf.set(account, large);
    return large;
  };
  const groupsOf = (some: readonly Account[]) => [...new Set(some.map((account) => groupOf.get(account) ?? [account]))];
  return {
    join: (some) => void groupsOf(some).reduce(merge),
    withEmails: (some) => groupsOf(some).filter((group) => group.some(({ person }) => person.emails.length > 0)).length,
    all: () => groupsOf(accounts),
  };
}
