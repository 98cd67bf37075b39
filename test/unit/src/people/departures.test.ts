import { describe, expect, test } from '@jest/globals';
import type { PeopleSnapshot, StoredPerson } from '#src/model/people-store.ts';
import type { Person } from '#src/model/people.ts';
import { joinPeople, type SourceKnowledge } from '#src/people/departures.ts';
import { DEFAULT_STALE_AFTER_MS } from '#src/people/source-health.ts';
import { aPerson, aSnapshot } from '#test/build/people.ts';

const NOW = new Date('2026-11-23T08:00:00.000Z');
const FRESH = '2026-11-23T07:00:00.000Z';
const OLD = '2026-11-20T07:00:00.000Z';

const AUTHORITY = { staff: 'staff-file', okta: 'identity-provider', entra: 'identity-provider', ldap: 'identity-provider', slack: 'chat', github: 'code-host', gitlab: 'code-host' } as const;
type Source = keyof typeof AUTHORITY;

/** What a source told of some people. */
function from(source: Source, people: readonly StoredPerson[], more: Partial<PeopleSnapshot> = {}): SourceKnowledge {
  const authority = AUTHORITY[source];
  return { source, authority, snapshot: aSnapshot({ source, type: source, authority, people, whole: { at: FRESH, count: people.length }, ...more }) };
}

function join(...sources: readonly SourceKnowledge[]) {
  return joinPeople(sources, NOW, DEFAULT_STALE_AFTER_MS);
}

type Said = Person['state'] | 'absent';

/** Ann, as a source has her. */
function ann(state: Said): StoredPerson {
  return aPerson('ann', state === 'absent' ? { state: 'departed', evidence: 'absent from the complete list of 2026-11-23' } : { state });
}

function annIn(source: Source, state: Said, more: Partial<PeopleSnapshot> = {}): SourceKnowledge {
  return from(source, [state === 'absent' ? { ...ann(state), absent: true } : ann(state)], more);
}

const TROUBLE: Partial<PeopleSnapshot> = { trouble: { fault: 'refused', message: 'no', since: FRESH } };
const STALE: Partial<PeopleSnapshot> = { whole: { at: OLD, count: 1 } };
const NEVER: SourceKnowledge = { source: 'ldap', authority: 'identity-provider', snapshot: undefined };

describe('src/people/departures.ts', () => {
  test.each<[string, readonly SourceKnowledge[], object]>([
    ['one identity provider', [annIn('okta', 'departed')], { state: 'departed', confidence: 'high' }],
    ['absence from one', [annIn('ldap', 'absent')], { state: 'departed', confidence: 'high' }],
    ['the staff file against everybody', [annIn('okta', 'active'), annIn('slack', 'active'), annIn('staff', 'departed')], { state: 'departed', confidence: 'high' }],
    ['an identity provider against Slack', [annIn('slack', 'active'), annIn('okta', 'departed')], { state: 'departed', confidence: 'high' }],
    ['Slack alone', [annIn('slack', 'departed')], { state: 'departed', confidence: 'medium', doubt: 'deactivated in Slack only' }],
    ['Slack while the identity provider does not know them', [from('okta', [aPerson('ben')]), annIn('slack', 'departed')], { state: 'departed', confidence: 'medium', doubt: 'deactivated in Slack only; no identity provider knows them' }],
    ['Slack against a code host', [annIn('github', 'active'), annIn('slack', 'departed')], { state: 'departed', confidence: 'medium', doubt: 'deactivated in Slack only' }],
    ['Slack and a code host', [annIn('github', 'absent'), annIn('slack', 'departed')], { state: 'departed', confidence: 'medium', doubt: 'departed in slack and github only' }],
    ['a code host alone', [annIn('github', 'absent')], { state: 'departed', confidence: 'medium', doubt: 'departed in github only' }],
    ['an answer that has become old', [annIn('okta', 'departed', STALE)], { state: 'departed', confidence: 'medium', doubt: 'okta has not answered whole for too long' }],
  ])('%s proves a departure', (_what, sources, verdict) => {
    const person = join(...sources).find(({ name }) => name === 'ann');

    expect({ state: person?.state, confidence: person?.confidence, ...(person?.doubt !== undefined && { doubt: person.doubt }) }).toEqual(verdict);
  });

  test.each<[string, readonly SourceKnowledge[], string]>([
    ['Slack against an identity provider', [annIn('slack', 'departed'), annIn('okta', 'active')], 'okta says active, slack says departed'],
    ['an identity provider against the staff file', [annIn('staff', 'active'), annIn('okta', 'departed')], 'staff says active, okta says departed'],
    ['two identity providers', [annIn('okta', 'departed'), annIn('entra', 'active')], 'entra says active, okta says departed'],
    ['two, of which one suspends', [annIn('okta', 'active'), annIn('entra', 'suspended')], 'entra says suspended, okta says active'],
    ['Slack while an identity provider was never asked', [NEVER, annIn('slack', 'departed')], 'ldap is believed more and does not answer whole'],
    ['Slack while an identity provider has been silent for long', [from('okta', [aPerson('ben')], STALE), annIn('slack', 'departed')], 'okta is believed more and does not answer whole'],
    ['Slack and absence from a directory that fails since', [annIn('ldap', 'absent', TROUBLE), annIn('slack', 'departed')], 'ldap is believed more and does not answer whole'],
    ['absence from a list while its source fails', [annIn('ldap', 'absent', TROUBLE)], 'ldap does not list them any more, and has not answered whole since'],
    ['absence from a list that has become old', [annIn('ldap', 'absent', STALE)], 'ldap does not list them any more, and has not answered whole since'],
  ])('%s is a conflict', (_what, sources, doubt) => {
    expect(join(...sources).find(({ name }) => name === 'ann')).toMatchObject({ state: 'conflict', confidence: 'medium', doubt });
  });

  test.each<[string, readonly SourceKnowledge[], object]>([
    ['active where all say so', [annIn('okta', 'active'), annIn('slack', 'active')], { state: 'active', confidence: 'high' }],
    ['active when Slack alone knows them', [annIn('slack', 'active')], { state: 'active', confidence: 'medium' }],
    ['active, whatever is absent from a source that fails', [annIn('okta', 'active'), annIn('github', 'absent', TROUBLE)], { state: 'active', confidence: 'high' }],
    ['active in the one answer of a provider that is old', [annIn('okta', 'active', STALE)], { state: 'active', confidence: 'medium', doubt: 'okta has not answered whole for too long' }],
    ['suspended by the one who is believed more', [annIn('okta', 'suspended'), annIn('slack', 'departed')], { state: 'suspended', confidence: 'high' }],
    ['suspended where one of two equals says departed', [annIn('okta', 'suspended'), annIn('entra', 'departed')], { state: 'suspended', confidence: 'high' }],
    ['active where the one who is believed more says so, and another suspends', [annIn('okta', 'active'), annIn('github', 'suspended')], { state: 'active', confidence: 'high' }],
    ['active with two accounts in one system, one of them closed', [from('okta', [aPerson('1', { emails: ['ann@corp.example'], state: 'departed' }), aPerson('2', { emails: ['ann@corp.example'] })])], { state: 'active', confidence: 'high' }],
  ])('somebody is %s', (_what, sources, verdict) => {
    const [person, ...others] = join(...sources);

    expect(others).toEqual([]);
    expect({ state: person?.state, confidence: person?.confidence, ...(person?.doubt !== undefined && { doubt: person.doubt }) }).toEqual(verdict);
  });

  test('everything that is known of a person stands together, the most believed first', () => {
    const okta = aPerson('00u1', { name: 'Ann Archer', emails: ['Ann@corp.example'], logins: ['ann'], manager: '00u2', state: 'departed', since: OLD });
    const slack = aPerson('U1', { name: 'ann', emails: ['ann@CORP.example'], state: 'active' });

    expect(join(from('slack', [slack]), from('okta', [okta]))).toEqual([
      {
        id: 'okta/00u1',
        name: 'Ann Archer',
        emails: ['Ann@corp.example'],
        logins: ['ann'],
        kind: 'person',
        state: 'departed',
        confidence: 'high',
        slackId: 'U1',
        manager: '00u2',
        since: OLD,
        testimonies: [{ source: 'okta', person: okta, asOf: FRESH }, { source: 'slack', person: slack, asOf: FRESH }],
      },
    ]);
  });

  test('testimony that a list does not repeat is as of the list that gave it', () => {
    expect(join(from('okta', [{ ...ann('departed'), lastTold: OLD }]))[0]?.testimonies[0]?.asOf).toBe(OLD);
  });

  describe('accounts', () => {
    /** For each person the ids of the accounts. */
    const groups = (...sources: readonly SourceKnowledge[]) => join(...sources).map(({ testimonies }) => testimonies.map(({ source, person }) => `${source}/${person.id}`));
    const withEmails = (id: string, ...emails: readonly string[]) => aPerson(id, { emails });
    const withLogins = (id: string, emails: readonly string[], ...logins: readonly string[]) => aPerson(id, { emails, logins });

    test.each<[string, readonly SourceKnowledge[]]>([
      ['the address in use, whatever its case', [from('okta', [withEmails('1', 'ann@corp.example')]), from('slack', [withEmails('2', 'Ann@Corp.Example')])]],
      ['an address that is in use in one of them', [from('okta', [withEmails('1', 'ann@corp.example', 'a.archer@corp.example')]), from('slack', [withEmails('2', 'a.archer@corp.example')])]],
      ['a login of one system', [from('staff', [withLogins('1', ['ann@corp.example'], 'scaleway:bearer:7')]), from('ldap', [withLogins('2', ['a@other.example'], 'scaleway:bearer:7')])]],
      ['a common login where only one has addresses', [from('okta', [withLogins('1', ['ann@corp.example'], 'ann')]), from('github', [withLogins('2', [], 'ann')])]],
    ])('are one person by %s', (_what, sources) => {
      expect(groups(...sources)).toEqual([[expect.stringMatching(/\/1$/), expect.stringMatching(/\/2$/)]]);
    });

    test.each<[string, readonly SourceKnowledge[]]>([
      ['a common login and other addresses', [from('okta', [withLogins('1', ['ann@corp.example'], 'ann')]), from('gitlab', [withLogins('2', ['ann@home.example'], 'ann')])]],
      ['a login in another case', [from('okta', [withLogins('1', ['ann@corp.example'], 'ann')]), from('github', [withLogins('2', [], 'Ann')])]],
      ['a mailbox that both read', [from('staff', [withEmails('1', 'ann@corp.example', 'ops@corp.example')]), from('okta', [withEmails('2', 'ben@corp.example', 'ops@corp.example')])]],
      ['a part of the address', [from('okta', [withEmails('1', 'ann@corp.example')]), from('slack', [withEmails('2', 'ann+slack@corp.example')])]],
      ['one id in two systems', [from('okta', [withEmails('1', 'ann@corp.example')]), from('entra', [withEmails('1', 'ben@corp.example')])]],
      ['names', [from('okta', [aPerson('1', { name: 'Ann', emails: ['ann@corp.example'] })]), from('slack', [aPerson('2', { name: 'Ann', emails: [] })])]],
    ])('are two people in spite of %s', (_what, sources) => {
      expect(groups(...sources)).toHaveLength(2);
    });

    test('a login that two people have tells nothing of a third account', () => {
      expect(groups(from('okta', [withLogins('1', ['ann@corp.example'], 'ann')]), from('entra', [withLogins('2', ['ann@other.example'], 'ann')]), from('github', [withLogins('3', [], 'ann')]))).toHaveLength(3);
    });

    test('of three systems are one person by what each two share', () => {
      expect(groups(from('okta', [withEmails('1', 'ann@corp.example')]), from('staff', [withLogins('2', ['ann@corp.example'], 'github:annie')]), from('github', [withLogins('3', [], 'github:annie')]))).toEqual([['staff/2', 'okta/1', 'github/3']]);
    });

    test('of bots are nobody, and guests are guests unless they are people elsewhere', () => {
      const people = join(from('slack', [aPerson('bot', { kind: 'bot' }), aPerson('gus', { kind: 'guest' }), aPerson('ann', { kind: 'guest' })]), from('okta', [aPerson('ann')]));

      expect(people.map(({ name, kind }) => [name, kind])).toEqual([['ann', 'person'], ['gus', 'guest']]);
    });

    test('with hostile names and words of the language are people like others', () => {
      const names = ['__proto__', 'constructor', '<!channel>', 'a/b', ''];

      expect(join(from('okta', names.map((name) => aPerson(name, { name, emails: [`${name}@corp.example`], logins: [name] })))).map(({ name }) => name).sort()).toEqual([...names].sort());
    });

    test('of ten thousand people in three systems are joined at once', () => {
      const many = (source: Source) => from(source, Array.from({ length: 10_000 }, (_, index) => aPerson(`p${index}`, { logins: [`p${index}`] })));
      const started = performance.now();

      expect(join(many('okta'), many('slack'), many('github'))).toHaveLength(10_000);
      expect(performance.now() - started).toBeLessThan(5000);
    });
  });
});
