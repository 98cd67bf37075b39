import { describe, expect, test } from '@jest/globals';
import { actions, button, call, home, input, modal, plain, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const long = (length: number) => 'a'.repeat(length);
const options = (count: number) => Array.from({ length: count }, (_, index) => ({ text: plain('A'), value: String(index) }));
const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'A' }]] };

/** What is wrong, the blocks, and what Slack says of them. */
const REFUSED: readonly (readonly [why: string, blocks: readonly Json[], error: string, message: string])[] = [
  ['more than 50 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), 'invalid_blocks', 'no more than 50 items allowed [json-pointer:/blocks]'],
  ['a section of more than 3,000 characters', [section(long(3001))], 'invalid_blocks', 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  ['an empty text', [section('')], 'invalid_blocks', 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a header of more than 150 characters', [{ type: 'header', text: plain(long(151)) }], 'invalid_blocks', 'must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
  ['a button with a label of more than 75 characters', [actions(button(long(76)))], 'invalid_blocks', 'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]'],
  ['more than 25 elements', [actions(...Array.from({ length: 26 }, (_, index) => button(`B${index}`)))], 'invalid_blocks', 'no more than 25 items allowed [json-pointer:/blocks/0/elements]'],
  ['a menu of more than 100 options', [actions({ type: 'static_select', action_id: 'menu', options: options(101) })], 'invalid_blocks', 'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]'],
  ['two blocks with the same id', [{ ...section('A'), block_id: 'x' }, { ...section('B'), block_id: 'x' }], 'invalid_blocks', '[json-pointer:/blocks/1/block_id]'],
  ['a block that no message takes', [{ type: 'alert', text: plain('A') }], 'invalid_blocks', '[json-pointer:/blocks/0'],
  ['an input that only modals have', [input('a', { type: 'number_input', is_decimal_allowed: false })], 'invalid_blocks', '[json-pointer:/blocks/0/element'],
  ['a second table', [table, table], 'invalid_attachments', 'only_one_table_allowed [json-pointer:/blocks/1'],
];

const REFUSED_VIEWS: readonly (readonly [why: string, view: Json, error: string, message: string])[] = [
  ['more than 100 blocks', modal(...Array.from({ length: 101 }, () => ({ type: 'divider' }))), 'invalid_arguments', 'no more than 100 items allowed [json-pointer:/view/blocks]'],
  ['a title of more than 24 characters', { ...modal(section('A')), title: plain(long(25)) }, 'invalid_arguments', 'must be less than 25 characters [json-pointer:/view/title/text]'],
  ['private metadata of more than 3,000 characters', { ...modal(section('A')), private_metadata: long(3001) }, 'invalid_arguments', '[json-pointer:/view/private_metadata]'],
  ['a table', modal(table), 'invalid_arguments', '[json-pointer:/view/blocks/0'],
  ['an input and no submit button', { type: 'modal', title: plain('A'), blocks: [input('a', { type: 'plain_text_input' })] }, 'invalid_arguments', 'missing required field: submit'],
  ['more than 250 kB', modal(...Array.from({ length: 100 }, () => section(long(2900)))), 'view_too_large', ''],
];

describe('src/sandbox/slack/api/content.ts', () => {
  test.each(REFUSED)('refuses a message with %s and says where', async (_why, blocks, error, message) => {
    const slack = await startSlack();

    const answer = await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello', blocks });

    expect(answer).toMatchObject({ ok: false, error });
    expect(answer.errors).toEqual(expect.arrayContaining([expect.stringContaining(message.replace('only_one_table_allowed ', ''))]));
    expect(answer.response_metadata).toEqual({ messages: expect.arrayContaining([expect.stringMatching(/^\[ERROR\] /)]) });
    expect(slack.as('ann').messages('#sec-prod')).toEqual([]);
  });

  test('refuses an update for the same reasons and leaves the message as it is', async () => {
    const slack = await startSlack();
    const ts = await post(slack, '#sec-prod', { text: 'Old' });

    const answer = await call(slack, 'chat.update', { channel: workspaceOf(slack).channelId('sec-prod'), ts, text: 'New', blocks: [section('')] });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_blocks' });
    expect(slack.as('ann').messages('#sec-prod')).toMatchObject([{ words: 'Old', isEdited: false }]);
  });

  test.each([
    ['no JSON', 'not json'],
    ['no list', '{"type":"divider"}'],
  ])('refuses blocks that are %s', async (_what, blocks) => {
    const slack = await startSlack();

    expect(await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'Hello', blocks })).toMatchObject({ ok: false, error: 'invalid_blocks_format' });
  });

  test.each(REFUSED_VIEWS)('refuses a view with %s and says where', async (_why, view, error, message) => {
    const slack = await startSlack();
    const user = workspaceOf(slack).userId('ann');

    const answer = await call(slack, 'views.publish', { user_id: user, view });

    expect(answer).toMatchObject({ ok: false, error });
    if (message !== '') expect(answer.response_metadata).toEqual({ messages: expect.arrayContaining([expect.stringContaining(message)]) });
  });

  test('refuses on the Home tab what only modals have', async () => {
    const slack = await startSlack();

    const answer = await call(slack, 'views.publish', { user_id: workspaceOf(slack).userId('ann'), view: home(table) });

    expect(answer).toMatchObject({ ok: false, error: 'invalid_arguments' });
  });

  test('gives every block and element without an id one of its own', async () => {
    const slack = await startSlack();

    const { message } = await call(slack, 'chat.postMessage', { channel: '#sec-prod', text: 'A', blocks: [section('A'), { type: 'actions', elements: [{ type: 'button', text: plain('B') }] }] });

    expect(message).toMatchObject({ blocks: [{ block_id: expect.stringMatching(/./) }, { block_id: expect.stringMatching(/./), elements: [{ action_id: expect.stringMatching(/./) }] }] });
  });
});
