import { z } from 'zod';
import { definePeopleSource, SourceFailed, type Person } from '#src/model/people.ts';
import { accountOf, attributesShape, idFilter, wantedAttributes, type DirectoryAccount } from './support/ldap-entry.ts';
import { directoryAddressShape, filterShape, openDirectory } from './support/ldap-directory.ts';
import { wholeList } from './support/list.ts';
import { secretShape } from '#src/model/api-settings.ts';

const TITLE = 'LDAP';
const RIGHTS = 'to bind, and to search and read the named attributes below the base';

/** People of OpenLDAP and of Active Directory; computers of the latter are users as well, and no persons. */
const PEOPLE_FILTER = '(|(objectClass=inetOrgPerson)(&(objectCategory=person)(objectClass=user)))';

export const source = definePeopleSource({
  name: 'ldap',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'Deleted entries vanish: who is missing from a whole list has departed.',
    'Suspended are entries with the second bit of userAccountControl (Active Directory), with nsAccountLock, or with a pwdAccountLockedTime that has no end. A lock after wrong passwords suspends nobody.',
    'A search that is cut short by a limit of the server, or sends on to other servers, lists nobody.',
    'The password is only sent over TLS, except to this machine.',
  ],
  settings: z.strictObject({
    /** `ldaps://…`, or `ldap://…` with `startTls`. */
    url: directoryAddressShape,
    startTls: z.boolean().default(false),
    /** Certificates of the authority that vouches for the server, PEM; else those that Node trusts. */
    caFile: z.string().min(1).optional(),
    /** Without it the search is anonymous. */
    bind: z.strictObject({ dn: z.string().min(1), password: secretShape }).optional(),
    base: z.string().min(1),
    filter: filterShape.default(PEOPLE_FILTER),
    attributes: attributesShape,
    pageSize: z.int().min(2).max(10_000).default(500),
    /** What to do when parts of the tree are on other servers, which are not asked: fail, or take the people here for all there are. */
    referrals: z.enum(['fail', 'ignore']).default('fail'),
  }),
  example: { url: 'ldaps://ldap.corp.example', bind: { dn: 'cn=k8ssec,ou=services,dc=corp,dc=example', password: { env: 'LDAP_PASSWORD' } }, base: 'ou=people,dc=corp,dc=example' },
  create: (settings, name, deps) => {
    const { bind, attributes } = settings;
    const search = async (filter: string, signal: AbortSignal): Promise<readonly DirectoryAccount[]> => {
      const password = bind === undefined ? undefined : await deps.secret(bind.password);
      // With a name and no password, servers let anybody in, as nobody in particular.
      if (password === '') throw new SourceFailed('refused', `the password for ${TITLE} is empty`);
      const directory = await openDirectory({ ...settings, title: TITLE, rights: RIGHTS, ...(bind !== undefined && password !== undefined && { login: { dn: bind.dn, password } }) }, signal);
      try {
        const entries = await directory.search(settings.base, filter, wantedAttributes(attributes));
        return entries.map((entry) => accountOf(entry, attributes, TITLE));
      } finally {
        await directory.close();
      }
    };
    return {
      name,
      type: 'ldap',
      authority: 'identity-provider',
      async list(signal) {
        const accounts = await search(settings.filter, signal);
        const idByDn = new Map(accounts.map(({ dn, person }) => [dn.toLowerCase(), person.id]));
        const people = accounts.map(({ person, managerDn }): Person => {
          const manager = idByDn.get(managerDn?.toLowerCase() ?? '');
          return manager === undefined ? person : { ...person, manager };
        });
        return wholeList(TITLE, people, false);
      },
      async find(id, signal) {
        const accounts = await search(`(&${settings.filter}${idFilter(id, attributes)})`, signal);
        return accounts.find(({ person }) => person.id === id)?.person;
      },
    };
  },
});
