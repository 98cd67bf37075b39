import type { KnownPerson } from '#src/model/people-view.ts';
import { addressOf, gmailKey, normalized } from './name-forms.ts';

/** What a template is filled with. */
const FIELD = /\{(?:email|login|local)\}/;

type Lookup = (name: string) => readonly KnownPerson[];

/** People by everything that they are called. Case does not count. */
export interface NameIndex {
  /** By an address that a source says is in use. */
  readonly byEmail: Lookup;
  /** By one that no source has in use any more. */
  readonly byFormerEmail: Lookup;
  readonly byLogin: Lookup;
  readonly byTemplate: Lookup;
  /** By what stands before the @ of an address in use. */
  readonly byLocal: Lookup;
  /** By `gmailKey`. */
  readonly byGmail: Lookup;
  readonly byName: Lookup;
  /** The sources that say that the person is called one of these. */
  readonly vouchersOf: (person: KnownPerson, names: readonly string[]) => readonly string[];
}

const NOBODY: readonly KnownPerson[] = [];

export function createNameIndex(people: readonly KnownPerson[], templates: readonly string[]): NameIndex {
  return {
    byEmail: indexed(people, currentEmails),
    byFormerEmail: indexed(people, (person) => {
      const current = new Set(currentEmails(person).map(normalized));
      return person.emails.filter((email) => !current.has(normalized(email)));
    }),
    byLogin: indexed(people, ({ logins }) => logins),
    byTemplate: indexed(people, (person) => templates.flatMap((template) => filled(template, currentEmails(person), person.logins))),
    byLocal: indexed(people, (person) => currentEmails(person).flatMap((email) => addressOf(email)?.local ?? [])),
    byGmail: indexed(people, (person) => currentEmails(person).flatMap((email) => gmailOf(email) ?? [])),
    byName: indexed(people, ({ name }) => (name === '' ? [] : [name])),
    vouchersOf(person, names) {
      const wanted = new Set(names.map(normalized));
      const says = ({ emails, logins }: Pick<KnownPerson, 'emails' | 'logins'>): readonly string[] => {
        const current = emails.slice(0, 1);
        return [...current, ...logins, ...templates.flatMap((template) => filled(template, current, logins))];
      };
      return person.testimonies.filter((told) => says(told.person).some((name) => wanted.has(normalized(name)))).map(({ source }) => source);
    },
  };
}

/** The first address that each source tells is the one in use there. */
function currentEmails({ emails, testimonies }: KnownPerson): readonly string[] {
  const told = testimonies.flatMap(({ person }) => person.emails.slice(0, 1));
  return told.length > 0 ? told : emails.slice(0, 1);
}

/** Every user name that a template makes of somebody's addresses and logins; none when they lack what it asks for. */
function filled(template: string, emails: readonly string[], logins: readonly string[]): readonly string[] {
  const [field] = FIELD.exec(template) ?? [];
  const values: readonly string[] = field === '{login}' ? logins : field === '{local}' ? emails.flatMap((email) => addressOf(email)?.local ?? []) : emails;
  return field === undefined ? [] : values.map((value) => template.replaceAll(field, () => value));
}

function gmailOf(email: string): string | undefined {
  const address = addressOf(email);
  return address && gmailKey(address);
}

function indexed(people: readonly KnownPerson[], namesOf: (person: KnownPerson) => readonly string[]): Lookup {
  const found = new Map<string, KnownPerson[]>();
  for (const person of people) {
    for (const name of new Set(namesOf(person).map(normalized))) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [person]);
      else known.push(person);
    }
  }
  return (name) => found.get(normalized(name)) ?? NOBODY;
}
