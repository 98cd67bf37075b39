import { describe, expect, test } from '@jest/globals';
import type { KnownPerson, Testimony } from '#src/model/people-view.ts';
import type { Person } from '#src/model/people.ts';
import { departedAt } from '#src/repositories/departed.ts';

function said(source: string, logins: readonly string[], state: Person['state'], evidence: string): Testimony {
  return { source, asOf: '2026-11-23T08:00:00Z', person: { id: `${source}-1`, name: 'x', emails: [], logins, kind: 'person', state, evidence } };
}

function known(state: KnownPerson['state'], ...testimonies: Testimony[]): KnownPerson {
  return { id: testimonies[0]?.person.id ?? '', name: 'x', emails: [], logins: testimonies.flatMap(({ person }) => person.logins), kind: 'person', state, confidence: 'high', testimonies };
}

describe('src/repositories/departed.ts', () => {
  test('names who has left by the login at that code host alone, with the proof', () => {
    const eve = known('departed', said('code', ['Eve-GH'], 'active', 'organization member'), said('okta', ['sam'], 'departed', 'status: DEPROVISIONED'));
    const sam = known('active', said('code', ['sam'], 'active', 'organization member'));

    expect(departedAt('github', ['code'], [eve, sam])).toEqual(new Map([['eve-gh', 'okta: status: DEPROVISIONED']]));
  });

  test('takes nobody for departed about whom systems disagree', () => {
    expect(departedAt('github', ['code'], [known('conflict', said('code', ['eve'], 'active', 'x'), said('okta', [], 'departed', 'y'))])).toEqual(new Map());
  });

  test('says when no source lists the code host', () => {
    expect(departedAt('gitlab', [], [])).toBe('who has left is not known by login: no source of people lists GitLab');
  });
});
