import { describe, expect, test } from '@jest/globals';
import { channelChoices, optionChoices, personChoices } from '#src/sandbox/web/elements/choices.ts';
import { worldOf } from '#src/sandbox/web/world.tsx';
import { WORKSPACE } from '../show.tsx';

const WORLD = worldOf(WORKSPACE, 0);

describe('src/sandbox/web/elements/choices.ts', () => {
  test('takes options with and without groups', () => {
    const text = { type: 'plain_text', text: 'High' };

    expect(optionChoices({ options: [{ text, value: 'h', description: { type: 'plain_text', text: 'bad' } }] })).toEqual([{ value: 'h', label: 'High', description: 'bad' }]);
    expect(optionChoices({ option_groups: [{ label: { type: 'plain_text', text: 'Loud' }, options: [{ text, value: 'h' }] }] })).toEqual([{ value: 'h', label: 'High', group: 'Loud' }]);
  });

  test('offers people and bots', () => {
    expect(personChoices(WORLD).map(({ label }) => label)).toEqual(['Ann Operator', 'Bo Approver', 'k8ssec']);
  });

  test.each([
    [{}, false, ['sec-prod', 'sec-private', 'Direct message with the app']],
    [{ filter: { include: ['private'] } }, false, ['sec-private']],
    [{}, true, ['sec-prod']],
  ])('offers the channels that %j lets through', (element, onlyPublic, expected) => {
    expect(channelChoices(WORLD, element, onlyPublic).map(({ label }) => label)).toEqual(expected);
  });
});
