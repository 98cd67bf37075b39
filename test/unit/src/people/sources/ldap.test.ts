import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PeopleList } from '#src/model/people.ts';
import { source } from '#src/people/sources/ldap.ts';
import { serveLdapPages, type CannedPage } from '#test/build/ldap-pages.ts';
import { listOf } from '#test/build/people.ts';
import { ADMIN, BASE, onSlapd } from '#test/build/slapd.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

const PEOPLE = `ou=people,${BASE}`;
const SECRETS = { LDAP_PASSWORD: ADMIN.password, WRONG: 'wrong', EMPTY: '' };
const BIND = { dn: ADMIN.dn, password: { env: 'LDAP_PASSWORD' } };

function entry(uid: string, ...more: readonly string[]): string {
  return [`dn: uid=${uid.replace(',', '\\2C')},${PEOPLE}`, 'objectClass: inetOrgPerson', 'objectClass: extensibleObject', `uid: ${uid}`, `cn: ${uid}`, `sn: ${uid}`, ...more].join('\n');
}

const READER = [`dn: ${ADMIN.dn}`, 'objectClass: organizationalRole', 'objectClass: simpleSecurityObject', 'cn: admin', `userPassword: ${ADMIN.password}`].join('\n');
const LOCKED = 'pwdAccountLockedTime: 000001010000Z';
const NAMED = [
  READER,
  entry('ann', 'displayName: Ann Archer', 'mail: Ann@corp.example', 'mail: ann.archer@corp.example'),
  entry('ben', 'mail: ben@corp.example', `manager: UID=ann,${PEOPLE}`),
  entry('locked', LOCKED),
  entry('mistyped', 'pwdAccountLockedTime: 20261120080000Z'),
  entry('o,neil', 'displayName: <!channel> *O\u2019Neil*, & Sons'),
  entry('flagged', 'nsAccountLock: TRUE'),
  entry('unflagged', 'nsAccountLock: FALSE'),
  entry('windows', 'userAccountControl: 514', 'lastLogonTimestamp: 134083584000000000'),
  entry('windows2', 'userAccountControl: 512', 'lastLogonTimestamp: 0'),
];

/** Attributes of other servers, so that an entry of this one can have them. */
const FOREIGN = [
  `attributetype ( 2.16.840.1.113730.3.1.610 NAME 'nsAccountLock' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )`,
  `attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )`,
  `attributetype ( 1.2.840.113556.1.4.1696 NAME 'lastLogonTimestamp' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )`,
];

function list(entryOf: object): Promise<PeopleList> {
  return listOf(source, { bind: BIND, base: PEOPLE, ...entryOf }, createSourceDeps(SECRETS));
}

describe('src/people/sources/ldap.ts', () => {
  onSlapd('with OpenLDAP', NAMED, (slapd) => {
    test('tells who is there, and who leads them', async () => {
      const { people, listsDeparted } = await list({ url: slapd().url });

      expect(listsDeparted).toBe(false);
      const [ann, ben] = ['ann', 'ben'].map((uid) => people.find(({ logins }) => logins[0] === uid));
      expect(ann).toEqual({ id: expect.stringMatching(/^[\da-f-]{36}$/) as unknown, name: 'Ann Archer', emails: ['Ann@corp.example', 'ann.archer@corp.example'], logins: ['ann'], kind: 'person', state: 'active', evidence: 'entry without a lock' });
      expect(ben?.manager).toBe(ann?.id);
    });

    test.each([
      ['locked', 'suspended', LOCKED],
      ['mistyped', 'active', 'entry without a lock'],
      ['flagged', 'suspended', 'nsAccountLock: TRUE'],
      ['unflagged', 'active', 'entry without a lock'],
      ['windows', 'suspended', 'userAccountControl: 514'],
      ['windows2', 'active', 'entry without a lock'],
    ])('%s is %s', async (uid, state, evidence) => {
      const { people } = await list({ url: slapd().url });

      expect(people.find(({ logins }) => logins[0] === uid)).toMatchObject({ state, evidence });
    });

    test('finds one person by the id that lasts, and nobody by another', async () => {
      const settings = source.settings.parse({ bind: BIND, base: PEOPLE, url: slapd().url });
      const created = source.create(settings, 'ldap', createSourceDeps(SECRETS));
      const { signal } = new AbortController();
      const locked = (await created.list(signal)).people.find(({ logins }) => logins[0] === 'locked');

      expect(await created.find?.(locked?.id ?? '', signal)).toMatchObject({ id: locked?.id, state: 'suspended' });
      expect(await created.find?.('00000000-0000-0000-0000-000000000000', signal)).toBeUndefined();
      expect(await created.find?.('*)(uid=*', signal)).toBeUndefined();
    });

    test('reads the times of Windows, and none from its zero', async () => {
      const { people } = await list({ url: slapd().url, filter: '(uid=windows*)' });

      expect(people.map(({ lastLogin }) => lastLogin)).toEqual(['2025-11-23T08:00:00.000Z', undefined]);
    });

    test('leaves hostile names as they are', async () => {
      const { people } = await list({ url: slapd().url, filter: '(uid=o*)' });

      expect(people[0]).toMatchObject({ name: '<!channel> *O\u2019Neil*, & Sons', logins: ['o,neil'] });
    });

    test.each([
      ['by startTLS', () => ({ url: slapd().url, startTls: true, caFile: slapd().caFile })],
      ['by ldaps', () => ({ url: slapd().secureUrl, caFile: slapd().caFile })],
    ])('asks %s', async (_how, settings) => {
      expect((await list(settings())).people).toHaveLength(9);
    });

    test.each<[string, () => object, string, string]>([
      ['a certificate that nobody vouches for', () => ({ url: slapd().secureUrl }), 'unreachable', 'LDAP cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)'],
      ['the same by startTLS', () => ({ url: slapd().url, startTls: true }), 'unreachable', 'LDAP cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)'],
      ['certificates that are not there', () => ({ url: slapd().secureUrl, caFile: '/nowhere.pem' }), 'unreachable', 'the certificates for LDAP in caFile cannot be read'],
      ['a wrong password', () => ({ url: slapd().url, bind: { ...BIND, password: { env: 'WRONG' } } }), 'refused', 'LDAP refuses the name or password (result code 49)'],
      ['an empty password, which would let it in as nobody', () => ({ url: slapd().url, bind: { ...BIND, password: { env: 'EMPTY' } } }), 'refused', 'the password for LDAP is empty'],
      ['a base that is not there', () => ({ url: slapd().url, base: `ou=other,${BASE}` }), 'forbidden', 'LDAP has no such base or does not show it (result code 32); needed: to bind, and to search and read the named attributes below the base'],
      ['no bind where nobody in particular may see nothing', () => ({ url: slapd().url, bind: undefined }), 'forbidden', 'LDAP has no such base or does not show it (result code 32); needed: to bind, and to search and read the named attributes below the base'],
      ['a filter that matches nobody', () => ({ url: slapd().url, filter: '(uid=nobody)' }), 'empty', 'LDAP answered that there is nobody'],
      ['entries without a lasting id', () => ({ url: slapd().url, attributes: { id: ['employeeNumber'] } }), 'garbled', 'LDAP shows an entry without employeeNumber; name an attribute that all have in attributes.id'],
    ])('fails with %s', async (_what, settings, fault, message) => {
      await expect(list(settings())).rejects.toMatchObject({ fault, message });
    });

    test('ends when it is told to', async () => {
      const reason = new Error('the bot stops');

      await expect(listOf(source, { url: slapd().url, bind: BIND, base: PEOPLE }, createSourceDeps(SECRETS), AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  }, FOREIGN);

  onSlapd('with many people', [READER, ...Array.from({ length: 240 }, (_, index) => entry(`p${index}`))], (slapd) => {
    test.each([[7], [100], [120], [240], [241]])('reads all pages of %i', async (pageSize) => {
      const { people } = await list({ url: slapd().url, pageSize });

      expect(people).toHaveLength(240);
    });

  });

  onSlapd('with a limit on sizes', [READER, ...Array.from({ length: 60 }, (_, index) => entry(`p${index}`))], (slapd) => {
    test('does not take the first part for all there are', async () => {
      await expect(list({ url: slapd().url })).rejects.toMatchObject({ fault: 'garbled', message: 'LDAP stopped at its size limit (result code 4)' });
    });
  }, ['sizelimit size.prtotal=50']);

  onSlapd('with a part of the tree elsewhere', [READER, entry('ann'), [`dn: ou=abroad,${PEOPLE}`, 'objectClass: referral', 'objectClass: extensibleObject', 'ou: abroad', `ref: ldap://other.example/ou=abroad,${PEOPLE}`].join('\n')], (slapd) => {
    test('does not take the people here for all, unless it is told to', async () => {
      await expect(list({ url: slapd().url })).rejects.toMatchObject({ fault: 'garbled', message: 'parts of the tree are on other servers, which are not asked; choose another base, or set referrals: ignore when nobody is there' });

      expect((await list({ url: slapd().url, referrals: 'ignore' })).people.map(({ name }) => name)).toEqual(['ann']);
    });
  });

  describe('with a server that is none', () => {
    let server: Server | undefined;
    const listening = async (onData: (write: (data: string) => void, end: () => void) => void) => {
      server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => onData((data) => socket.write(data), () => socket.destroy()));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    afterEach(() => void server?.close());

    test('says so when the connection ends', async () => {
      const url = await listening((_, end) => end());

      await expect(list({ url })).rejects.toMatchObject({ fault: 'unreachable', message: 'LDAP cannot be reached' });
    });

    test('says that an answer broke off', async () => {
      const url = await listening((_, end) => end());

      await expect(list({ url, bind: undefined })).rejects.toMatchObject({ fault: 'garbled', message: 'the answer of LDAP broke off or cannot be read' });
    });

    test('ends when it is told to while nothing is answered', async () => {
      const abort = new AbortController();
      const url = await listening(() => abort.abort(new Error('the bot stops')));

      await expect(listOf(source, { url, bind: BIND, base: PEOPLE }, createSourceDeps(SECRETS), abort.signal)).rejects.toThrow('the bot stops');
    });

    test('says that nobody is there', async () => {
      const url = await listening(() => undefined);
      server?.close();

      await expect(list({ url })).rejects.toMatchObject({ fault: 'unreachable', message: 'LDAP cannot be reached (ECONNREFUSED)' });
    });
  });

  describe('with a server that sends these pages', () => {
    let server: Server | undefined;
    const sending = async (pages: readonly CannedPage[]) => {
      server = serveLdapPages(pages);
      await once(server, 'listening');
      return listOf(source, { url: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`, base: PEOPLE, pageSize: 3, attributes: { id: ['uid'] } }, createSourceDeps({}));
    };
    const ids = ({ people }: PeopleList) => people.map(({ id }) => id);
    afterEach(() => void server?.close());

    test('takes a full last page for the end', async () => {
      expect(ids(await sending([{ uids: ['ann', 'ben'], cookie: 'a' }, { uids: ['cem'] }]))).toEqual(['ann', 'ben', 'cem']);
    });

    test('asks again in other pages when the last one is empty', async () => {
      expect(ids(await sending([{ uids: ['ann', 'ben', 'cem'], cookie: 'a' }, { uids: [] }, { uids: ['ann', 'ben'], cookie: 'b' }, { uids: ['cem'] }]))).toEqual(['ann', 'ben', 'cem']);
    });

    test('does not take an empty page in the middle for the end', async () => {
      const page = [{ uids: ['ann'], cookie: 'a' }, { uids: [], cookie: 'b' }];

      await expect(sending([...page, ...page])).rejects.toMatchObject({ fault: 'garbled', message: 'LDAP ends its list with an empty page, so more may follow' });
    });
  });

  test('sends no password in the clear over a network', async () => {
    await expect(list({ url: 'ldap://ldap.corp.example' })).rejects.toMatchObject({ fault: 'refused', message: 'LDAP must be asked with ldaps:// or startTls: true; without, everybody on the way could read along' });
  });

  test.each([
    [{ url: 'https://ldap.corp.example' }, 'url'],
    [{ url: 'ldaps://ldap.corp.example/dc=corp' }, 'url'],
    [{ url: 'ldaps://ann:secret@ldap.corp.example' }, 'url'],
    [{ filter: 'uid=*' }, 'filter'],
    [{ filter: '(uid=*' }, 'filter'],
    [{ attributes: { emails: ['mail)'] } }, 'attributes'],
  ])('refuses %j', (change, place) => {
    expect(source.settings.safeParse({ ...source.example, ...change }).error?.issues[0]?.path[0]).toBe(place);
  });
});
