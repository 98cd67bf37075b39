import { describe, expect, test } from '@jest/globals';
import { checkMessage, checkView } from '#src/blocks/checker.ts';
import { BLOCK_SAMPLES, MRKDWN, PLAIN, richTextOf } from './samples/blocks.ts';
import { ELEMENT_SAMPLES } from './samples/elements.ts';
import { actionsOf, around, buttons, chart, dataTable, homeOf, messageOf, modalOf, option, type Json } from './samples/payloads.ts';

const REFUSED_IN_MESSAGES = ['alert', 'file'];
const REFUSED_IN_MODALS = ['card', 'carousel', 'container', 'context_actions', 'data_table', 'file', 'markdown', 'plan', 'table', 'task_card'];
const REFUSED_AT_HOME = ['alert', 'context_actions', 'data_table', 'file', 'markdown', 'plan', 'table', 'task_card'];
const blockTypes = Object.keys(BLOCK_SAMPLES) as (keyof typeof BLOCK_SAMPLES)[];
const elementTypes = Object.keys(ELEMENT_SAMPLES) as (keyof typeof ELEMENT_SAMPLES)[];
const HOSTILE: readonly unknown[] = [null, 7, true, '', [], [null], {}, { type: 'nothing' }];

describe('src/blocks/checker.ts', () => {
  describe.each(blockTypes)('the %s block', (type) => {
    test('is accepted with every field that it may have, where it may stand', () => {
      expect(checkMessage(messageOf(BLOCK_SAMPLES[type])).map(({ message }) => message)).toEqual(refusedAs(type, REFUSED_IN_MESSAGES));
      expect(checkView(modalOf(BLOCK_SAMPLES[type])).map(({ message }) => message)).toEqual(refusedAs(type, REFUSED_IN_MODALS));
      expect(checkView(homeOf(BLOCK_SAMPLES[type])).map(({ message }) => message)).toEqual(refusedAs(type, REFUSED_AT_HOME));
    });

    test('is refused with a field that Slack does not know', () => {
      const issues = checkMessage(messageOf({ ...BLOCK_SAMPLES[type], colour: 'red' }));

      expect(issues).toContainEqual({ code: 'invalid_blocks', pointer: '/blocks/0', message: 'invalid additional property: colour [json-pointer:/blocks/0]' });
    });

    test('is refused, without a crash, whatever stands in place of one of its values', () => {
      for (const block of mutations(BLOCK_SAMPLES[type] as unknown as Json)) expect(() => checkMessage(messageOf(block))).not.toThrow();
      for (const value of HOSTILE) expect(checkMessage({ text: 'T', blocks: [value] })).not.toEqual([]);
    });
  });

  describe.each(elementTypes)('the %s element', (type) => {
    test('is accepted with every field that it may have', () => {
      expect(checkView(modalOf(around(ELEMENT_SAMPLES[type]))).map(({ message }) => message)).toEqual(
        type === 'workflow_button' ? ['unsupported type: workflow_button [json-pointer:/blocks/0/accessory/type]'] : [],
      );
    });

    test('is refused with a field that Slack does not know', () => {
      const issues = checkView(modalOf(around({ ...ELEMENT_SAMPLES[type], colour: 'red' })));

      expect(issues.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^invalid additional property: colour/));
    });

    test('is refused, without a crash, whatever stands in place of one of its values', () => {
      for (const element of mutations(ELEMENT_SAMPLES[type] as unknown as Json)) expect(() => checkView(modalOf(around(element)))).not.toThrow();
    });
  });

  test.each([
    ['datetimepicker', 'home'],
    ['email_text_input', 'home'],
    ['email_text_input', 'message'],
    ['url_text_input', 'message'],
    ['number_input', 'message'],
    ['file_input', 'message'],
  ] as const)('a %s is refused on the surface %s', (type, surface) => {
    const block = around(ELEMENT_SAMPLES[type]);

    const issues = surface === 'home' ? checkView(homeOf(block)) : checkMessage(messageOf(block));

    expect(issues.map(({ message }) => message)).toEqual([`unsupported type: ${type} [json-pointer:/blocks/0/element/type]`]);
  });

  test.each<[string, Json | Json[], string]>([
    ['an empty text', { type: 'section', text: { type: 'mrkdwn', text: '' } }, 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section without text and fields', { type: 'section' }, 'must define either `text` or `fields` [json-pointer:/blocks/0]'],
    ['a header in mrkdwn', { type: 'header', text: MRKDWN }, 'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]'],
    ['a header of level 5', { type: 'header', text: PLAIN, level: 5 }, 'must be less than 5 [json-pointer:/blocks/0/level]'],
    ['a block without a type', { text: PLAIN }, 'missing required field: type [json-pointer:/blocks/0]'],
    ['an unknown block', { type: 'poll' }, 'unsupported type: poll [json-pointer:/blocks/0/type]'],
    ['an unknown element', { type: 'actions', elements: [{ type: 'slider' }] }, 'unsupported type: slider [json-pointer:/blocks/0/elements/0/type]'],
    ['an input in an actions block', { type: 'actions', elements: [ELEMENT_SAMPLES.plain_text_input] }, 'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]'],
    ['an empty actions block', { type: 'actions', elements: [] }, 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
    ['a button with a mrkdwn label', buttons({ text: MRKDWN }), 'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]'],
    ['a button style that does not exist', buttons({ style: 'default' }), 'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]'],
    ['a confirm dialog without its buttons', buttons({ confirm: { title: PLAIN, text: PLAIN, confirm: PLAIN } }), 'missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]'],
    ['two buttons with one action id', buttons({ action_id: 'a' }, { action_id: 'a' }), '`action_id` "a" already exists for this block [json-pointer:/blocks/0/elements/1/action_id]'],
    ['two blocks with one block id', [{ type: 'divider', block_id: 'x' }, { type: 'divider', block_id: 'x' }], '`block_id` "x" already exists [json-pointer:/blocks/1/block_id]'],
    ['two elements that take the focus', [actionsOf({ type: 'users_select', focus_on_load: true }), actionsOf({ type: 'users_select', focus_on_load: true })], 'only one element can have `focus_on_load` [json-pointer:/blocks/1/elements/0/focus_on_load]'],
    ['an image without alt text', { type: 'image', image_url: 'https://example.com/a.png' }, 'missing required field: alt_text [json-pointer:/blocks/0]'],
    ['an image without a source', { type: 'image', alt_text: 'a' }, 'must define either `image_url` or `slack_file` [json-pointer:/blocks/0]'],
    ['a Slack file by id and by url', { type: 'image', alt_text: 'a', slack_file: { id: 'F1', url: 'https://example.com' } }, 'must define only one of `id` or `url` [json-pointer:/blocks/0/slack_file]'],
    ['a select with options and groups', actionsOf({ type: 'static_select', options: [option('a')], option_groups: [{ label: PLAIN, options: [option('b')] }] }), 'must define only one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0]'],
    ['an initial option that is not offered', actionsOf({ type: 'static_select', options: [option('a')], initial_option: option('b') }), 'must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]'],
    ['an option with a link outside an overflow menu', actionsOf({ type: 'static_select', options: [{ ...option('a'), url: 'https://example.com' }] }), 'invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]'],
    ['a date that does not exist', actionsOf({ type: 'datepicker', initial_date: '2026-13-01' }), 'must match the required format [json-pointer:/blocks/0/elements/0/initial_date]'],
    ['an input whose least length is above its greatest', { type: 'input', label: PLAIN, element: { type: 'plain_text_input', min_length: 9, max_length: 8 } }, '`min_length` must not be greater than `max_length` [json-pointer:/blocks/0/element]'],
    ['an empty rich text leaf', richTextOf('') as unknown as Json, 'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]'],
    ['a mention in preformatted text', { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] }] }, 'unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]'],
    ['an empty table cell', { type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }, 'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]'],
    ['two tables in one message', [BLOCK_SAMPLES.table, BLOCK_SAMPLES.data_table] as unknown as Json[], 'only_one_table_allowed [json-pointer:/blocks/1]'],
    ['rich text in the header of a data table', dataTable([richTextOf('Name')], [{ type: 'raw_text', text: 'a' }]), 'unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]'],
    ['a data table without rows below its header', dataTable([{ type: 'raw_text', text: 'a' }]), 'no fewer than 2 items allowed [json-pointer:/blocks/0/rows]'],
    ['a data table row that is short', dataTable([{ type: 'raw_text', text: 'a' }, { type: 'raw_text', text: 'b' }], [{ type: 'raw_text', text: 'c' }]), 'must provide 2 items [json-pointer:/blocks/0/rows/1]'],
    ['a container in a container', { type: 'container', title: PLAIN, child_blocks: [BLOCK_SAMPLES.container as unknown as Json] }, 'unsupported type: container [json-pointer:/blocks/0/child_blocks/0/type]'],
    ['a card without content', { type: 'card', icon: { type: 'image', alt_text: 'a', image_url: 'https://example.com' } }, 'must define either `hero_image` or `title` or `actions` or `body` [json-pointer:/blocks/0]'],
    ['a third chart', [chart(1), chart(2), chart(3)], 'no more than 2 data_visualization blocks allowed [json-pointer:/blocks/2]'],
  ])('refuses %s', (_name, blocks, message) => {
    expect(checkMessage({ text: 'T', blocks: [blocks].flat() }).map((issue) => issue.message)).toEqual([message]);
  });

  test('refuses a message that says nothing', () => {
    expect(checkMessage({ text: '', blocks: [] }).map(({ code }) => code)).toEqual(['no_text']);
    expect(checkMessage({ blocks: [{ type: 'divider' }] })).toEqual([]);
  });

  test('refuses a text that an edit of the message could not carry, counted in bytes', () => {
    expect(checkMessage({ text: 'a'.repeat(4000) })).toEqual([]);
    expect(checkMessage({ text: 'a'.repeat(4001) }).map(({ code }) => code)).toEqual(['msg_too_long']);
    expect(checkMessage({ text: 'é'.repeat(2001) }).map(({ code }) => code)).toEqual(['msg_too_long']);
  });

  test('sums cells over all tables and text over all markdown blocks', () => {
    const row = [{ type: 'raw_text', text: 'a'.repeat(100) }];
    const table = { type: 'table', rows: Array.from({ length: 100 }, () => row) };
    const markdown = (length: number) => ({ type: 'markdown', text: 'a'.repeat(length) });

    expect(checkMessage(messageOf(table))).toEqual([]);
    expect(checkMessage(messageOf({ ...table, rows: [[{ type: 'raw_text', text: 'a'.repeat(101) }], ...table.rows.slice(1)] })).map(({ message }) => message)).toEqual([
      'must be less than 10001 characters in the cells of all tables [json-pointer:/blocks/0]',
    ]);
    expect(checkMessage({ text: 'T', blocks: [markdown(6000), markdown(6000)] })).toEqual([]);
    expect(checkMessage({ text: 'T', blocks: [markdown(6000), markdown(6001)] }).map(({ message }) => message)).toEqual([
      'must be less than 12001 characters in all markdown blocks [json-pointer:/blocks/0]',
    ]);
  });

  test('refuses a message whose blocks together are too long for Slack', () => {
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'a'.repeat(3000) } };

    expect(checkMessage({ text: 'T', blocks: [section, section, section, section] })).toEqual([]);
    expect(checkMessage({ text: 'T', blocks: [section, section, section, section, section] }).map(({ code }) => code)).toEqual(['msg_blocks_too_long']);
  });

  test('checks the blocks inside attachments, and counts their tables', () => {
    const attachments = [{ blocks: [{ type: 'poll' }] }, { blocks: [BLOCK_SAMPLES.table] }];

    const issues = checkMessage({ text: 'T', blocks: [BLOCK_SAMPLES.table], attachments });

    expect(issues.map(({ code, pointer }) => [code, pointer])).toEqual([
      ['invalid_attachments', '/attachments/0/blocks/0/type'],
      ['only_one_table_allowed', '/attachments/1/blocks/0'],
    ]);
    expect(checkMessage({ text: 'T', attachments: Array.from({ length: 101 }, () => ({ text: 'a' })) }).map(({ code }) => code)).toEqual(['too_many_attachments']);
  });

  describe('views', () => {
    test('a modal with an input needs a submit button', () => {
      const view = { ...modalOf(around(ELEMENT_SAMPLES.plain_text_input)), submit: undefined };

      expect(checkView(view).map(({ message }) => message)).toEqual(['missing required field: submit [json-pointer:]']);
    });

    test('a Home tab has no title, and a modal needs one', () => {
      expect(checkView({ ...homeOf(), title: PLAIN }).map(({ message }) => message)).toEqual(['invalid additional property: title [json-pointer:]']);
      expect(checkView({ type: 'modal', blocks: [] }).map(({ message }) => message)).toEqual(['missing required field: title [json-pointer:]']);
      expect(checkView({ type: 'drawer', blocks: [] }).map(({ message }) => message)).toEqual(['unsupported type: drawer [json-pointer:/type]']);
      expect(checkView('modal').map(({ message }) => message)).toEqual(['must provide an object [json-pointer:]']);
    });

    test('a view over 250 kB is too large', () => {
      const fields = Array.from({ length: 10 }, () => ({ type: 'plain_text', text: 'a'.repeat(2000) }));
      const sections = (count: number) => Array.from({ length: count }, () => ({ type: 'section', fields }));

      expect(checkView(modalOf(...sections(12)))).toEqual([]);
      expect(checkView(modalOf(...sections(13))).map(({ code }) => code)).toEqual(['view_too_large']);
    });
  });
});

function refusedAs(type: string, refused: readonly string[]): readonly string[] {
  return refused.includes(type) ? [`unsupported type: ${type} [json-pointer:/blocks/0/type]`] : [];
}

/** The sample with one value at a time replaced by something else. */
function* mutations(sample: Json): Generator<Json> {
  for (const path of pathsOf(sample, [])) {
    for (const value of HOSTILE) {
      const copy = structuredClone(sample) as Record<string | number, unknown>;
      let here = copy;
      for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
      here[path.at(-1) ?? 0] = value;
      yield copy;
    }
  }
}

function* pathsOf(value: unknown, path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield* pathsOf(entry, [...path, index]);
  else if (typeof value === 'object' && value !== null) for (const [key, entry] of Object.entries(value)) yield* pathsOf(entry, [...path, key]);
}
