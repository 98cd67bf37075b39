import { describe, expect, test } from '@jest/globals';
import { checkView } from '#src/blocks/checker.ts';
import { checkboxesInput, dateInput, selectInput, suggestInput, textInput } from '#src/blocks/inputs.ts';
import { formView } from '#src/slack/views.ts';

const MANY = Array.from({ length: 150 }, (_, index) => ({ value: `${index}${'v'.repeat(100)}`, text: 't'.repeat(200), description: 'd'.repeat(200) }));
const HINT = 'h'.repeat(500);
const LABEL = 'l'.repeat(3000);

describe('src/blocks/inputs.ts', () => {
  test.each([
    ['text', textInput({ field: 'f', label: LABEL, hint: HINT, min: 1, max: 9000, initial: '', lines: 'several' })],
    ['a menu', selectInput({ field: 'f', label: LABEL, hint: HINT, choices: MANY, initial: MANY[0]?.value ?? '' })],
    ['checkboxes', checkboxesInput({ field: 'f', label: LABEL, choices: MANY, initial: ['none of them'] })],
    ['a day', dateInput({ field: 'f', label: '', initial: '2026-11-30' })],
    ['a menu that suggests', suggestInput({ field: 'f', label: LABEL, initial: { value: 'a', text: 'A' } })],
  ])('%s is accepted by Slack, whatever it is given', (_, input) => {
    expect(checkView(formView({ title: 'Form', submit: 'Send', blocks: [input], action: { command: 'scan', args: [] } }, { channelId: 'C1', token: 't' }))).toEqual([]);
    expect(input).toMatchObject({ block_id: 'f', element: { action_id: 'f' } });
  });

  test('what is chosen at first is one of the options', () => {
    const choices = [{ value: 'a', text: 'A' }, { value: 'b', text: 'B' }];

    expect(selectInput({ field: 'f', label: 'F', choices, initial: 'b' }).element).toMatchObject({ initial_option: { value: 'b' } });
    expect(selectInput({ field: 'f', label: 'F', choices, initial: 'c' }).element).not.toHaveProperty('initial_option');
    expect(checkboxesInput({ field: 'f', label: 'F', choices, initial: ['a', 'c'] }).element).toMatchObject({ initial_options: [{ value: 'a' }] });
  });

  test('a menu that offers nothing is a fault of whoever makes it', () => {
    expect(() => selectInput({ field: 'f', label: 'F', choices: [] })).toThrow('the field f offers nothing');
    expect(() => checkboxesInput({ field: 'f', label: 'F', choices: [] })).toThrow('the field f offers nothing');
  });
});
