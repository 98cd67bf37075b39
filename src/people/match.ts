import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { createNameIndex, type NameIndex } from './name-index.ts';
import { disowningOf, rulingText } from './rulings.ts';
import { addressOf, addressText, commonNameOf, gmailKey, normalized, withoutForeignPrefix, withoutPlus, withoutPrefix } from './name-forms.ts';

/** How sure it is whose a user name is. Only `exact` and `confirmed` may lead to a proposal. */
export type Certainty = 'exact' | 'confirmed' | 'possible' | 'ambiguous' | 'none';

/** What the name was recognised by. */
export type MatchedBy = 'alias' | 'id' | 'email' | 'login' | 'template' | 'certificate';

/** Whose a user name of Kubernetes is. */
export interface Match {
  readonly certainty: Certainty;
  /** Of `exact`, `confirmed` and `possible`. */
  readonly person?: KnownPerson;
  /** Of `ambiguous`: all whose it could be. */
  readonly people?: readonly KnownPerson[];
  /** Of `exact`. An address that only a chat knows proves nothing about who may be given rights: see `vouchers`. */
  readonly by?: MatchedBy;
  /** Names of the sources that told the address or login it was recognised by. */
  readonly vouchers?: readonly string[];
  /** The configuration says that it is a service's. */
  readonly isNobodys?: true;
  /** Approvers have said of somebody that it is not theirs, which `why` tells. */
  readonly isDisowned?: true;
  /** For people, without a full stop. */
  readonly why: string;
}

export type Matcher = (user: string) => Match;

type MatchSettings = Pick<AccessSettings, 'usernamePrefix' | 'usernameTemplates' | 'aliases'>;

const NOBODYS = '-';

/** Tells whose a user name is, by what the sources of people and the configuration say. Nothing is guessed: what is near is `possible`, with the reason. */
export function createMatcher(people: readonly KnownPerson[], settings: MatchSettings): Matcher {
  const everybody = createNameIndex(people, settings.usernameTemplates);
  const aliases = new Map([...settings.aliases].map(([user, whose]) => [normalized(user), whose]));
  const known = new Map<string, Match>();
  const match = (user: string, index: NameIndex): Match => {
    const alias = settings.aliases.get(user) ?? aliases.get(normalized(user));
    if (alias !== undefined) return byAlias(alias, index);
    return exactly(user, settings, index) ?? possibly(user, settings, index) ?? { certainty: 'none', why: 'nobody that the sources of people know is called so' };
  };
  /** As if those did not exist of whom approvers have said that it is not theirs, whatever speaks for them. */
  const ruled = (user: string): Match => {
    const found = match(user, everybody);
    if (peopleOf(found).every((person) => disowningOf(person, user) === undefined)) return found;
    const left = match(user, createNameIndex(people.filter((person) => disowningOf(person, user) === undefined), settings.usernameTemplates));
    const said = people.flatMap((person) => disowningOf(person, user) ?? []).map(rulingText).join('; ');
    return { ...left, isDisowned: true, why: peopleOf(left).length === 0 ? said : `${left.why}; ${said}` };
  };
  return (user) => {
    const found = known.get(user) ?? ruled(user);
    known.set(user, found);
    return found;
  };
}

/** All whose it is or may be. */
export function peopleOf({ person, people = [] }: Match): readonly KnownPerson[] {
  return person === undefined ? people : [person];
}

function byAlias(alias: string, index: NameIndex): Match {
  if (alias === NOBODYS) return { certainty: 'none', isNobodys: true, why: 'the configuration says that it is nobody’s own' };
  const found = unique([...index.byEmail(alias), ...index.byLogin(alias)]);
  const [person] = found;
  if (person === undefined) return { certainty: 'none', why: `the configuration gives it to ${alias}, whom no source of people knows` };
  if (found.length > 1) return ambiguous(found, `the configuration gives it to ${alias}, which ${found.length} people are called`);
  return { certainty: 'confirmed', person, by: 'alias', why: `the configuration says that it is ${alias}` };
}

/** Every exact way is tried: a name that fits two people in two ways is as doubtful as one that fits them in one. */
function exactly(user: string, settings: MatchSettings, index: NameIndex): Match | undefined {
  const bare = withoutPrefix(user, settings.usernamePrefix) ?? user;
  const common = commonNameOf(bare);
  const ways: readonly (readonly [MatchedBy, string, readonly KnownPerson[]])[] = [
    // With a prefix of its own it is how another system numbers people, such as `scaleway:bearer:<id>`.
    ['id', `the id ${user}`, user.includes(':') ? index.byLogin(user) : []],
    ['email', `the e-mail address ${normalized(bare)}`, index.byEmail(bare)],
    ['login', `the login ${bare}`, index.byLogin(bare)],
    ['template', 'the configured form of user names', [...index.byTemplate(user), ...index.byTemplate(bare)]],
    ...(common === undefined ? [] : [['certificate', `the common name ${common} of the certificate`, [...index.byEmail(common), ...index.byLogin(common)]] as const]),
  ];
  const found = unique(ways.flatMap(([, , people]) => people));
  const [person] = found;
  const way = ways.find(([, , people]) => people.length > 0);
  if (person === undefined || way === undefined) return undefined;
  if (found.length > 1) return ambiguous(found, `${found.length} people are called so`);
  // An address that was given to somebody else may stand for either.
  const before = index.byFormerEmail(bare).filter((other) => other !== person);
  if (before.length > 0) return ambiguous([person, ...before], `the address belonged to ${before.map(({ name }) => name).join(', ')} before`);
  const [by, what] = way;
  return { certainty: 'exact', person, by, vouchers: index.vouchersOf(person, [user, bare, common ?? bare]), why: `by ${what}` };
}

/** What is near an address or a login, and what then differs. */
function possibly(user: string, { usernamePrefix }: MatchSettings, index: NameIndex): Match | undefined {
  const bare = withoutPrefix(user, usernamePrefix) ?? user;
  const address = addressOf(bare);
  const foreign = withoutForeignPrefix(bare);
  const gmail = address && gmailKey(address);
  const plain = address && withoutPlus(address);
  const nears: readonly (readonly [people: readonly KnownPerson[], why: string])[] = [
    [foreign === undefined ? [] : [...index.byEmail(foreign.rest), ...index.byLogin(foreign.rest)], `it begins with ${foreign?.prefix ?? ''}, which is not the configured prefix`],
    [index.byFormerEmail(bare), 'it is an address that is not in use any more'],
    [plain === undefined ? [] : index.byEmail(addressText(plain)), 'it has a part after a plus, which may be somebody else’s mailbox'],
    [gmail === undefined ? [] : index.byGmail(gmail), 'Gmail takes both for one mailbox'],
    [address === undefined ? [] : index.byLocal(address.local), 'only what stands before the @ is the same'],
    [address === undefined ? index.byLocal(bare) : [], 'it is what stands before the @ of an address, and no form of user names says so'],
    [index.byName(commonNameOf(bare) ?? bare), 'the person has that name, which others may have too'],
  ];
  for (const [people, why] of nears) {
    const found = unique(people);
    const [person] = found;
    if (person === undefined) continue;
    return found.length > 1 ? ambiguous(found, why) : { certainty: 'possible', person, why };
  }
  return undefined;
}

function ambiguous(people: readonly KnownPerson[], why: string): Match {
  return { certainty: 'ambiguous', people, why };
}

function unique(people: readonly KnownPerson[]): readonly KnownPerson[] {
  return [...new Set(people)];
}
