import { describe, expect, test } from '@jest/globals';
import type { KnownPerson } from '#src/model/people-view.ts';
import { askedPeople } from '#src/people/asked-people.ts';
import { aKnownPerson } from '#test/build/access.ts';

const ANN = aKnownPerson('ann', { slackId: 'U0ANN' });
const OWNERS = { inactiveOwners: ['U0ELI'] };
const bob = (manager?: string, more: Partial<KnownPerson> = {}): KnownPerson => aKnownPerson('bob', { slackId: 'U0BOB', ...(manager !== undefined && { manager }), ...more }, manager === undefined ? {} : { manager });
const GONE = [{ source: 'slack', person: { ...aKnownPerson('U0BOB').testimonies[0]?.person, id: 'U0BOB', name: 'bob', emails: [], logins: [], kind: 'person', state: 'departed', evidence: 'deleted: true' }, asOf: '' }] as const;

describe('src/people/asked-people.ts', () => {
  test.each<[string, KnownPerson, readonly KnownPerson[], object]>([
    ['themselves and the manager by address', bob('ANN@corp.example'), [ANN], { slackId: 'U0BOB', owners: ['U0ANN'] }],
    ['themselves and the manager by id', bob('ann'), [ANN], { slackId: 'U0BOB', owners: ['U0ANN'] }],
    ['the owners where an id of another system is the same', bob('ann'), [aKnownPerson('ann', { slackId: 'U0ANN', emails: [] }, {}, 'github')], { slackId: 'U0BOB', owners: ['U0ELI'] }],
    ['the owners where no manager is known', bob(), [ANN], { slackId: 'U0BOB', owners: ['U0ELI'] }],
    ['the owners where the manager has left', bob('ann'), [aKnownPerson('ann', { slackId: 'U0ANN', state: 'departed' })], { slackId: 'U0BOB', owners: ['U0ELI'] }],
    ['the owners alone where Slack does not know them', aKnownPerson('bob'), [], { owners: ['U0ELI'] }],
    ['the owners alone where they are deactivated in Slack', bob(undefined, { testimonies: GONE }), [], { owners: ['U0ELI'] }],
    ['nobody twice', aKnownPerson('eli', { slackId: 'U0ELI' }), [], { slackId: 'U0ELI', owners: [] }],
  ])('asks %s', (_whom, person, people, expected) => {
    expect(askedPeople(person, people, OWNERS)).toEqual(expected);
  });
});
