import { describe, expect, test } from '@jest/globals';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { createMatcher, type Certainty, type MatchedBy } from '#src/people/match.ts';
import { accessSettings, aKnownPerson } from '#test/build/access.ts';
import { aRuling } from '#test/build/rulings.ts';

const BOB = aKnownPerson('bob', {}, { emails: ['bob@corp.example', 'bob.old@corp.example'], logins: ['bobby', 'scaleway:bearer:6a1f'] });
const JO = aKnownPerson('jo', {}, { name: 'Jo Dean', emails: ['jo.dean@gmail.com'] });
const PEOPLE = [BOB, JO];

describe('src/people/match', () => {
  test.each<readonly [user: string, by: MatchedBy, settings: Partial<AccessSettings>]>([
    ['bob@corp.example', 'email', {}],
    ['BOB@Corp.Example', 'email', {}],
    ['bob@corp.example.', 'email', {}],
    ['oidc:bob@corp.example', 'email', { usernamePrefix: 'oidc:' }],
    ['OIDC:Bob@corp.example', 'email', { usernamePrefix: 'oidc:' }],
    ['https://login.corp.example#bob@corp.example', 'email', {}],
    ['https://login.corp.example#bob@corp.example', 'email', { usernamePrefix: 'https://login.corp.example#' }],
    ['bobby', 'login', {}],
    ['scaleway:bearer:6a1f', 'id', {}],
    ['arn:aws:iam::123456789012:user/bobby', 'template', { usernameTemplates: ['arn:aws:iam::123456789012:user/{login}'] }],
    ['dev-bob', 'template', { usernameTemplates: ['dev-{local}'] }],
    ['oidc:bob', 'template', { usernamePrefix: 'oidc:', usernameTemplates: ['{local}'] }],
    ['O=dev,CN=bob@corp.example', 'certificate', {}],
  ])('%s is exactly one person, by %s', (user, by, settings) => {
    const match = createMatcher(PEOPLE, accessSettings(settings))(user);

    expect(match).toMatchObject({ certainty: 'exact', by });
    expect(match.person).toBe(BOB);
    expect(match.vouchers).toEqual(['okta']);
  });

  test.each<readonly [user: string, who: KnownPerson, why: RegExp, settings: Partial<AccessSettings>]>([
    ['bob+admin@corp.example', BOB, /after a plus/, {}],
    ['bob.old@corp.example', BOB, /not in use any more/, {}],
    ['bob@corp.test', BOB, /before the @/, {}],
    ['bob', BOB, /no form of user names/, {}],
    ['jodean@gmail.com', JO, /Gmail/, {}],
    ['j.o.dean@googlemail.com', JO, /Gmail/, {}],
    ['oidc:bob@corp.example', BOB, /oidc:, which is not the configured prefix/, {}],
    ['github:bobby', BOB, /github:/, { usernamePrefix: 'oidc:' }],
    ['https://evil.example#bob@corp.example', BOB, /not the configured prefix/, { usernamePrefix: 'https://login.corp.example#' }],
    ['Jo Dean', JO, /which others may have too/, {}],
  ])('%s is only possibly somebody', (user, who, why, settings) => {
    const match = createMatcher(PEOPLE, accessSettings(settings))(user);

    expect(match.certainty).toBe('possible');
    expect(match.person).toBe(who);
    expect(match.why).toMatch(why);
  });

  describe('whose a name is not, as approvers have said', () => {
    const disowned = (...users: readonly string[]): KnownPerson => ({ ...BOB, rulings: [aRuling({ says: { type: 'not-theirs', users } })] });
    const said = 'not the account of Bob Brown (bob@corp.example), said Bo on 2026-11-22 (r7k2m9): “on parental leave”';

    test.each<readonly [how: string, user: string, settings: Partial<AccessSettings>]>([
      ['exactly', 'bob@corp.example', {}],
      ['possibly', 'bob+admin@corp.example', {}],
      ['by the configuration', 'ops', { aliases: new Map([['ops', 'bob@corp.example']]) }],
    ])('is not theirs, however well it fits: %s', (_how, user, settings) => {
      const match = createMatcher([disowned(user), JO], accessSettings(settings));

      expect(match(user)).toEqual({ certainty: 'none', isDisowned: true, why: said });
      expect(match('bobby')).toMatchObject({ certainty: 'exact', by: 'login' });
    });

    test('is somebody else’s where it fits them as well, and both are said', () => {
      const heir = aKnownPerson('bob2', {}, { logins: ['bobby'] });

      expect(createMatcher([BOB, heir], accessSettings())('bobby').certainty).toBe('ambiguous');
      expect(createMatcher([disowned('bobby'), heir], accessSettings())('bobby')).toMatchObject({ certainty: 'exact', person: heir, isDisowned: true, why: `by the login bobby; ${said}` });
    });
  });

  test.each(['eve@corp.example', 'robot', 'system:admin', 'bob@', '@corp.example', '', 'bobbyy'])('%s is nobody', (user) => {
    expect(createMatcher(PEOPLE, accessSettings())(user)).toMatchObject({ certainty: 'none' });
  });

  test.each<readonly [what: string, alias: string, certainty: Certainty, person: KnownPerson | undefined]>([
    ['an e-mail address', 'Bob@corp.example', 'confirmed', BOB],
    ['a login', 'bobby', 'confirmed', BOB],
    ['somebody unknown', 'eve@corp.example', 'none', undefined],
    ['nobody', '-', 'none', undefined],
  ])('an alias that leads to %s decides before everything else', (_what, alias, certainty, person) => {
    const match = createMatcher(PEOPLE, accessSettings({ aliases: new Map([['jo.dean@gmail.com', alias]]) }))('jo.dean@gmail.com');

    expect(match.certainty).toBe(certainty);
    expect(match.person).toBe(person);
    expect(match.isNobodys).toBe(alias === '-' ? true : undefined);
  });

  test('two people for one name are ambiguous, in one way or in two', () => {
    const other = aKnownPerson('bob2', {}, { emails: ['bob@corp.example'] });
    const namesake = aKnownPerson('robert', {}, { emails: ['bobby@corp.example'] });

    expect(createMatcher([BOB, other], accessSettings())('bob@corp.example')).toMatchObject({ certainty: 'ambiguous', people: [BOB, other] });
    expect(createMatcher([BOB, namesake], accessSettings({ usernameTemplates: ['{local}'] }))('bobby')).toMatchObject({ certainty: 'ambiguous', people: [BOB, namesake] });
    expect(createMatcher([BOB, other], accessSettings({ aliases: new Map([['ops', 'bob@corp.example']]) }))('ops').certainty).toBe('ambiguous');
  });

  test('an address that somebody else had before is ambiguous', () => {
    const heir = aKnownPerson('heir', {}, { emails: ['bob.old@corp.example'] });

    expect(createMatcher([BOB, heir], accessSettings())('bob.old@corp.example')).toMatchObject({ certainty: 'ambiguous', people: [heir, BOB] });
  });

  test('says that only the chat knows an address', () => {
    const chatty = aKnownPerson('U1', { testimonies: [{ source: 'okta', person: BOB.testimonies[0]?.person ?? never(), asOf: '' }, { source: 'slack', person: { ...(JO.testimonies[0]?.person ?? never()), emails: ['boss@corp.example'] }, asOf: '' }] });

    expect(createMatcher([chatty], accessSettings())('boss@corp.example').vouchers).toEqual(['slack']);
    expect(createMatcher([chatty], accessSettings())('bob@corp.example').vouchers).toEqual(['okta']);
  });

  test('a source that tells the new address, and one that tells the old, both have it in use', () => {
    const renamed = aKnownPerson('ann', {
      emails: ['ann.new@corp.example', 'ann@corp.example'],
      testimonies: ['ann.new@corp.example', 'ann@corp.example'].map((email, index) => ({ source: `source-${index}`, asOf: '', person: { ...(BOB.testimonies[0]?.person ?? never()), emails: [email], logins: [] } })),
    });

    expect(['ann.new@corp.example', 'ann@corp.example'].map((user) => createMatcher([renamed], accessSettings())(user).certainty)).toEqual(['exact', 'exact']);
  });
});

function never(): never {
  throw new Error('not there');
}
