import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PeopleList } from '#src/model/people.ts';
import { source } from '#src/people/sources/file.ts';
import { listOf } from '#test/build/people.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

/** The clock of the tests stands at 08:00 UTC on this day. */
const TODAY = '2026-11-23';
const HEADER = 'name,email,logins,status,end date,manager';

describe('src/people/sources/file.ts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ssec-staff-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(text: string | Buffer, name = 'staff.csv'): Promise<PeopleList> {
    const path = join(folder, name);
    await writeFile(path, text);
    return listOf(source, { path }, createSourceDeps({}));
  }

  test('tells who is in the file, and how old it is', async () => {
    await read(`${HEADER}\nAnn Archer,Ann@corp.example;ann.archer@corp.example,ann; scaleway:bearer:1,active,,dana@corp.example\n`);
    await utimes(join(folder, 'staff.csv'), new Date(), new Date('2026-11-01T06:00:00.000Z'));

    expect(await listOf(source, { path: join(folder, 'staff.csv') }, createSourceDeps({}))).toEqual({
      listsDeparted: false,
      writtenAt: '2026-11-01T06:00:00.000Z',
      people: [{ id: 'ann@corp.example', name: 'Ann Archer', emails: ['Ann@corp.example', 'ann.archer@corp.example'], logins: ['ann', 'scaleway:bearer:1'], kind: 'person', state: 'active', evidence: 'status: active', manager: 'dana@corp.example' }],
    });
  });

  test.each<[status: string, end: string, expected: object]>([
    ['active', '', { state: 'active', evidence: 'status: active' }],
    ['Active', '2026-11-24', { state: 'active', evidence: 'status: Active' }],
    ['on leave', '', { state: 'suspended', evidence: 'status: on leave' }],
    ['On-Leave', '', { state: 'suspended', evidence: 'status: On-Leave' }],
    ['left', '', { state: 'departed', evidence: 'status: left' }],
    ['left', TODAY, { state: 'departed', evidence: `end date: ${TODAY}`, since: `${TODAY}T00:00:00.000Z` }],
    ['active', TODAY, { state: 'departed', evidence: `end date: ${TODAY}`, since: `${TODAY}T00:00:00.000Z` }],
    ['on leave', '2026-01-31', { state: 'departed', evidence: 'end date: 2026-01-31', since: '2026-01-31T00:00:00.000Z' }],
  ])('status "%s" with the end date "%s"', async (status, end, expected) => {
    const { people } = await read(`${HEADER}\nAnn,ann@corp.example,,${status},${end},\nBen,ben@corp.example,,active,,`);

    expect(people[0]).toMatchObject(expected);
  });

  test.each([
    ['other names of columns', 'Name,E-MAIL,Log_Ins,STATUS,End  Date,Cost center\nAnn,ann@corp.example,ann,left,2026-01-31,42\nBen,ben@corp.example,,active,,'],
    ['semicolons', 'name;emails;logins;status;end date\nAnn;ann@corp.example;ann;left;2026-01-31\nBen;ben@corp.example;;active;'],
    ['tabs', 'name\temail\tlogins\tstatus\tend date\nAnn\tann@corp.example\tann\tleft\t2026-01-31\nBen\tben@corp.example\t\tactive\t'],
    ['what Windows writes', '\u{FEFF}name,email,logins,status,end date\r\n"Ann",ann@corp.example,ann,left,2026-01-31\r\n\r\nBen,ben@corp.example,,active,\r\n'],
  ])('reads CSV with %s', async (_what, text) => {
    const { people } = await read(text);

    expect(people).toMatchObject([
      { name: 'Ann', emails: ['ann@corp.example'], logins: ['ann'], state: 'departed', since: '2026-01-31T00:00:00.000Z' },
      { name: 'Ben', state: 'active' },
    ]);
  });

  test.each([
    ['a list', '- name: Ann\n  emails: [ann@corp.example, a@corp.example]\n  logins: 0042\n  end date: 2026-01-31\n- email: ben@corp.example\n'],
    ['people', 'people:\n  - { Name: Ann, E-mail: "ann@corp.example; a@corp.example", logins: [0042], End-Date: 2026-01-31 }\n  - { email: ben@corp.example }\n'],
  ])('reads YAML with %s', async (_what, text) => {
    const { people } = await read(text, 'staff.yaml');

    expect(people).toMatchObject([
      { name: 'Ann', emails: ['ann@corp.example', 'a@corp.example'], logins: ['0042'], state: 'departed', evidence: 'end date: 2026-01-31' },
      { name: 'ben@corp.example', state: 'active', evidence: 'status: active' },
    ]);
  });

  test('leaves hostile names as they are', async () => {
    const name = '<!channel> =HYPERLINK("x"), & *Sons*';
    const { people } = await read(`name,email\n"${name.replaceAll('"', '""')}",ann@corp.example`);

    expect(people[0]?.name).toBe(name);
  });

  test('knows a person without an address by their login, and one with an id by that', async () => {
    const { people } = await read('id,name,email,logins\n,Ann,,ann\n17,Ben,ben@corp.example,');

    expect(people.map(({ id }) => id)).toEqual(['ann', '17']);
  });

  test.each([
    ['an unknown status', `${HEADER}\nAnn,ann@corp.example,,active,,\nBen,ben@corp.example,,retired,,`, 'line 3, column "status": is none of active, on leave, left'],
    ['no status where there is a column for it', `${HEADER}\nAnn,ann@corp.example,,,,`, 'line 2, column "status": is none of active, on leave, left'],
    ['a status that the end date contradicts', `${HEADER}\nAnn,ann@corp.example,,left,2027-01-01,`, 'line 2, column "status": is left, and the end date is still to come'],
    ['another order of dates', `${HEADER}\nAnn,ann@corp.example,,active,31.12.2026,`, 'line 2, column "end date": is no day such as 2026-11-30'],
    ['a day that does not exist', `${HEADER}\nAnn,ann@corp.example,,active,2026-11-31,`, 'line 2, column "end date": is no day such as 2026-11-30'],
    ['an address that is none', `name,E-Mail\nAnn,ann at corp.example`, 'line 2, column "E-Mail": is no e-mail address'],
    ['nothing to know a person by', `${HEADER}\nAnn,,,active,,`, 'line 2: has neither an e-mail address nor a login'],
    ['too few cells', `${HEADER}\n"Ann\nArcher",ann@corp.example,,active,,\nBen,ben@corp.example`, 'line 4: has 2 cells where the header has 6'],
    ['too many cells', `name,email\nArcher, Ann,ann@corp.example`, 'line 2: has 3 cells where the header has 2'],
    ['a quote without its other', `name,email\n"Ann,ann@corp.example\n`, 'line 2: the quotes of a cell do not match'],
    ['a column twice', 'name,email,E-Mail\nAnn,a@corp.example,b@corp.example', 'line 1, column "E-Mail": stands twice in the header'],
    ['a person twice', 'name,email\nAnn,ann@corp.example\nAnn,ANN@corp.example', 'line 3: is of the same person as line 2'],
  ])('is not used with %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ fault: 'garbled', message });
  });

  test.each([
    ['what is no YAML', '- name: Ann\n  email: [ann@corp.example\n', 'line 3: is no YAML'],
    ['no list', 'staff:\n  - email: ann@corp.example\n', 'line 1: holds no list of people'],
    ['nothing in it', '', 'line 1: holds no list of people'],
    ['a text in place of a person', '- email: ann@corp.example\n- ben@corp.example\n', 'line 2: is no person with names of columns before its values'],
    ['an alias, which could stand for anything', '- email: &a ann@corp.example\n- email: *a\n', 'line 2, column "email": is neither text nor a list of texts'],
    ['something deeper', '- email:\n    - work: ann@corp.example\n', 'line 2, column "email": is neither text nor a list of texts'],
    ['several in place of one', '- email: ann@corp.example\n  manager: [ben, cem]\n', 'line 1, column "manager": holds more than one value'],
    ['a key twice', '- email: ann@corp.example\n  E-Mail: ben@corp.example\n', 'line 2, column "E-Mail": stands twice in a person'],
  ])('is not used with %s', async (_what, text, message) => {
    await expect(read(text, 'staff.yml')).rejects.toMatchObject({ fault: 'garbled', message });
  });

  test.each([
    ['nobody in it', HEADER, 'empty', 'The staff file answered that there is nobody'],
    ['nothing in it', '', 'empty', 'The staff file answered that there is nobody'],
    ['another encoding', Buffer.from('name,email\nJos\xe9,jose@corp.example', 'latin1'), 'garbled', expect.stringMatching(/staff\.csv is not written in UTF-8$/)],
  ])('fails with %s', async (_what, text, fault, message) => {
    await expect(read(text)).rejects.toMatchObject({ fault, message });
  });

  test('fails when it is not there, or is no file', async () => {
    await expect(listOf(source, { path: '/nowhere/staff.csv' }, createSourceDeps({}))).rejects.toMatchObject({ fault: 'unreachable', message: '/nowhere/staff.csv cannot be read (ENOENT)' });
    await mkdir(join(folder, 'folder.csv'));
    await expect(listOf(source, { path: join(folder, 'folder.csv') }, createSourceDeps({}))).rejects.toMatchObject({ fault: 'unreachable', message: `${join(folder, 'folder.csv')} is no file` });
  });

  test('is a table or YAML', () => {
    expect(source.settings.safeParse({ path: '/etc/staff.xlsx' }).error?.issues[0]?.message).toBe('must end with .csv, .yaml or .yml');
    expect(source.settings.parse({ path: '/etc/STAFF.CSV' })).toEqual({ path: '/etc/STAFF.CSV' });
  });
});
