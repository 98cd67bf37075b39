import { z } from 'zod';
import { SourceFailed, type Person } from '#src/model/people.ts';
import { distinct, momentOf } from './list.ts';
import type { DirectoryEntry } from './ldap-directory.ts';

/** A name of an attribute, without options. */
const attribute = z.string().regex(/^[A-Za-z][\w-]*$/, 'must be the name of an attribute');

/** Which attributes hold what. Of `id` and `name` the first that is there counts. */
export const attributesShape = z
  .strictObject({
    id: z.array(attribute).min(1).default(['entryUUID', 'objectGUID', 'ipaUniqueID', 'nsUniqueId']),
    name: z.array(attribute).min(1).default(['displayName', 'cn']),
    emails: z.array(attribute).default(['mail']),
    logins: z.array(attribute).default(['uid', 'sAMAccountName', 'userPrincipalName', 'krbPrincipalName']),
    manager: attribute.default('manager'),
  })
  .prefault({});
export type Attributes = z.infer<typeof attributesShape>;

const FLAGS = ['userAccountControl', 'nsAccountLock', 'pwdAccountLockedTime'] as const;
/** Bytes by their nature, in lower case. */
const BINARY: readonly string[] = ['objectguid'];
const LAST_LOGIN = ['lastLogonTimestamp', 'authTimestamp'] as const;

/** Bit of userAccountControl. */
const ACCOUNT_DISABLED = 2;
/** Locked by a person until a person unlocks it. Other times are those of locks after wrong passwords, which strangers can bring about. */
const LOCKED_FOR_GOOD = '000001010000Z';

/** From 1601, when the epoch of Windows begins, to 1970. */
const WINDOWS_EPOCH_MS = 11_644_473_600_000n;

export function wantedAttributes({ id, name, emails, logins, manager }: Attributes): readonly string[] {
  return [...new Set([...id, ...name, ...emails, ...logins, manager, ...FLAGS, ...LAST_LOGIN])];
}

/** Entries that have this id, in whatever attribute holds it. Bytes, which are hexadecimal digits here, are asked for byte by byte. */
export function idFilter(id: string, { id: names }: Attributes): string {
  const bytes = /^(?:[0-9a-f]{2})+$/i.test(id) ? (id.match(/../g) ?? []).map((byte) => `\\${byte}`).join('') : undefined;
  const text = id.replaceAll(/[\\*()\0]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const tests = names.map((name) => `(${name}=${BINARY.includes(name.toLowerCase()) && bytes !== undefined ? bytes : text})`);
  return `(|${tests.join('')})`;
}

export interface DirectoryAccount {
  readonly dn: string;
  readonly person: Person;
  readonly managerDn: string | undefined;
}

/** @throws {SourceFailed} when the entry has nothing that lasts and tells it from others. */
export function accountOf(entry: DirectoryEntry, attributes: Attributes, title: string): DirectoryAccount {
  const valuesOf = (names: readonly string[]) => names.flatMap((name) => entry.values.get(name.toLowerCase()) ?? []);
  const [id] = valuesOf(attributes.id);
  if (id === undefined) throw new SourceFailed('garbled', `${title} shows an entry without ${attributes.id.join(', ')}; name an attribute that all have in attributes.id`);
  const emails = distinct(valuesOf(attributes.emails));
  const logins = distinct(valuesOf(attributes.logins));
  const suspension = suspensionOf(valuesOf);
  const [logon] = valuesOf(['lastLogonTimestamp']);
  const lastLogin = windowsTime(logon) ?? generalizedTime(valuesOf(['authTimestamp'])[0]);
  return {
    dn: entry.dn,
    managerDn: valuesOf([attributes.manager])[0],
    person: {
      id,
      name: distinct(valuesOf(attributes.name))[0] ?? emails[0] ?? logins[0] ?? id,
      emails,
      logins,
      kind: 'person',
      state: suspension === undefined ? 'active' : 'suspended',
      evidence: suspension ?? 'entry without a lock',
      ...(lastLogin !== undefined && { lastLogin }),
    },
  };
}

/** The attribute by which the account is switched off. */
function suspensionOf(valuesOf: (names: readonly string[]) => readonly string[]): string | undefined {
  const [control] = valuesOf(['userAccountControl']);
  if (control !== undefined && (Number(control) & ACCOUNT_DISABLED) !== 0) return `userAccountControl: ${control}`;
  const [lock] = valuesOf(['nsAccountLock']);
  if (lock?.toLowerCase() === 'true') return `nsAccountLock: ${lock}`;
  return valuesOf(['pwdAccountLockedTime']).includes(LOCKED_FOR_GOOD) ? `pwdAccountLockedTime: ${LOCKED_FOR_GOOD}` : undefined;
}

/** Tenths of microseconds; 0 stands for never. */
function windowsTime(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{1,18}$/.test(text)) return undefined;
  const ms = BigInt(text) / 10_000n - WINDOWS_EPOCH_MS;
  return ms <= 0n ? undefined : new Date(Number(ms)).toISOString();
}

/** `20261123080000Z`, with or without fractions of a second. */
function generalizedTime(text: string | undefined): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  return momentOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
