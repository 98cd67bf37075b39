import { describe, expect, test } from '@jest/globals';
import { checkMessage, checkView, type Issue } from '#src/blocks/checker.ts';
import { LIMITS } from '#src/blocks/limits.ts';
import { BLOCK_SAMPLES, MRKDWN, PLAIN } from './samples/blocks.ts';
import { ELEMENT_SAMPLES } from './samples/elements.ts';
import { actionsOf, around, buttons, cell, chart, confirm, dataTable, homeOf, inMessage, messageOf, modalOf, mrkdwn, option, options, plain, text, times } from './samples/payloads.ts';

/** Name, greatest length, the issues of a payload with that length, and the pointer of the one that is over. */
const LENGTHS: readonly (readonly [name: string, max: number, issuesAt: (length: number) => readonly Issue[], pointer: string])[] = [
  ['blocks of a message', 50, (n) => checkMessage(messageOf(...times(n, { type: 'divider' }))), '/blocks'],
  ['blocks of a modal', 100, (n) => checkView(modalOf(...times(n, { type: 'divider' }))), '/blocks'],
  ['blocks of a Home tab', 100, (n) => checkView(homeOf(...times(n, { type: 'divider' }))), '/blocks'],
  ['a block id', 255, (n) => inMessage({ type: 'divider', block_id: text(n) }), '/blocks/0/block_id'],
  ['an action id', 255, (n) => inMessage(buttons({ action_id: text(n) })), '/blocks/0/elements/0/action_id'],
  ['the text of a section', 3000, (n) => inMessage({ type: 'section', text: mrkdwn(n) }), '/blocks/0/text/text'],
  ['the fields of a section', 10, (n) => inMessage({ type: 'section', fields: times(n, PLAIN) }), '/blocks/0/fields'],
  ['a field of a section', 2000, (n) => inMessage({ type: 'section', fields: [plain(n)] }), '/blocks/0/fields/0/text'],
  ['the text of a header', 150, (n) => inMessage({ type: 'header', text: plain(n) }), '/blocks/0/text/text'],
  ['the elements of a context block', 10, (n) => inMessage({ type: 'context', elements: times(n, PLAIN) }), '/blocks/0/elements'],
  ['the elements of an actions block', 25, (n) => inMessage(buttons(...times(n, {}))), '/blocks/0/elements'],
  ['the elements of a context actions block', 5, (n) => inMessage({ type: 'context_actions', elements: times(n, { type: 'icon_button', icon: 'trash', text: PLAIN }) }), '/blocks/0/elements'],
  ['the label of a button', 75, (n) => inMessage(buttons({ text: plain(n) })), '/blocks/0/elements/0/text/text'],
  ['the value of a button', 2000, (n) => inMessage(buttons({ value: text(n) })), '/blocks/0/elements/0/value'],
  ['the link of a button', 3000, (n) => inMessage(buttons({ url: text(n) })), '/blocks/0/elements/0/url'],
  ['the accessibility label of a button', 75, (n) => inMessage(buttons({ accessibility_label: text(n) })), '/blocks/0/elements/0/accessibility_label'],
  ['the title of a confirm dialog', 100, (n) => inMessage(buttons({ confirm: confirm({ title: plain(n) }) })), '/blocks/0/elements/0/confirm/title/text'],
  ['the text of a confirm dialog', 300, (n) => inMessage(buttons({ confirm: confirm({ text: mrkdwn(n) }) })), '/blocks/0/elements/0/confirm/text/text'],
  ['the buttons of a confirm dialog', 30, (n) => inMessage(buttons({ confirm: confirm({ deny: plain(n) }) })), '/blocks/0/elements/0/confirm/deny/text'],
  ['the options of a select', 100, (n) => inMessage(actionsOf({ type: 'static_select', options: options(n) })), '/blocks/0/elements/0/options'],
  ['the groups of a select', 100, (n) => inMessage(actionsOf({ type: 'static_select', option_groups: times(n, { label: PLAIN, options: [option('a')] }) })), '/blocks/0/elements/0/option_groups'],
  ['the options of a group', 100, (n) => inMessage(actionsOf({ type: 'static_select', option_groups: [{ label: PLAIN, options: options(n) }] })), '/blocks/0/elements/0/option_groups/0/options'],
  ['the text of an option', 75, (n) => inMessage(actionsOf({ type: 'static_select', options: [{ ...option('a'), text: plain(n) }] })), '/blocks/0/elements/0/options/0/text/text'],
  ['the value of an option', 75, (n) => inMessage(actionsOf({ type: 'static_select', options: [option(text(n))] })), '/blocks/0/elements/0/options/0/value'],
  ['the options of checkboxes', 10, (n) => inMessage(actionsOf({ type: 'checkboxes', options: options(n) })), '/blocks/0/elements/0/options'],
  ['the options of radio buttons', 10, (n) => inMessage(actionsOf({ type: 'radio_buttons', options: options(n) })), '/blocks/0/elements/0/options'],
  ['the options of an overflow menu', 5, (n) => inMessage(actionsOf({ type: 'overflow', options: options(n) })), '/blocks/0/elements/0/options'],
  ['a placeholder', 150, (n) => inMessage(actionsOf({ type: 'users_select', placeholder: plain(n) })), '/blocks/0/elements/0/placeholder/text'],
  ['the greatest length of an input', 3000, (n) => checkView(modalOf(around({ type: 'plain_text_input', max_length: n }))), '/blocks/0/element/max_length'],
  ['the title of a modal', 24, (n) => checkView({ ...modalOf(), title: plain(n) }), '/title/text'],
  ['the submit button of a modal', 24, (n) => checkView({ ...modalOf(), submit: plain(n) }), '/submit/text'],
  ['the close button of a modal', 24, (n) => checkView({ ...modalOf(), close: plain(n) }), '/close/text'],
  ['the private metadata of a view', 3000, (n) => checkView({ ...homeOf(), private_metadata: text(n) }), '/private_metadata'],
  ['the callback id of a view', 255, (n) => checkView({ ...modalOf(), callback_id: text(n) }), '/callback_id'],
  ['the external id of a view', 255, (n) => checkView({ ...modalOf(), external_id: text(n) }), '/external_id'],
  ['the label of an input', 2000, (n) => checkView(modalOf({ ...around(ELEMENT_SAMPLES.plain_text_input), label: plain(n) })), '/blocks/0/label/text'],
  ['the hint of an input', 2000, (n) => checkView(modalOf({ ...around(ELEMENT_SAMPLES.plain_text_input), hint: plain(n) })), '/blocks/0/hint/text'],
  ['the alt text of an image', 2000, (n) => inMessage({ type: 'image', image_url: 'https://example.com', alt_text: text(n) }), '/blocks/0/alt_text'],
  ['the title of an image', 2000, (n) => inMessage({ type: 'image', image_url: 'https://example.com', alt_text: 'a', title: plain(n) }), '/blocks/0/title/text'],
  ['the link of an image', 3000, (n) => inMessage({ type: 'image', image_url: text(n), alt_text: 'a' }), '/blocks/0/image_url'],
  ['the title of a card', 150, (n) => inMessage({ type: 'card', title: mrkdwn(n) }), '/blocks/0/title/text'],
  ['the subtitle of a card', 150, (n) => inMessage({ type: 'card', title: MRKDWN, subtitle: mrkdwn(n) }), '/blocks/0/subtitle/text'],
  ['the body of a card', 200, (n) => inMessage({ type: 'card', body: mrkdwn(n) }), '/blocks/0/body/text'],
  ['the buttons of a card', 2, (n) => inMessage({ type: 'card', title: MRKDWN, actions: times(n, { type: 'button', text: PLAIN }) }), '/blocks/0/actions'],
  ['the cards of a carousel', 10, (n) => inMessage({ type: 'carousel', elements: times(n, { type: 'card', title: MRKDWN }) }), '/blocks/0/elements'],
  ['the title of a container', 150, (n) => inMessage({ type: 'container', title: plain(n), child_blocks: [{ type: 'divider' }] }), '/blocks/0/title/text'],
  ['the children of a container', 10, (n) => inMessage({ type: 'container', title: PLAIN, child_blocks: times(n, { type: 'divider' }) }), '/blocks/0/child_blocks'],
  ['the rows of a table', 100, (n) => inMessage({ type: 'table', rows: times(n, [cell('a')]) }), '/blocks/0/rows'],
  ['the cells of a table row', 20, (n) => inMessage({ type: 'table', rows: [times(n, cell('a'))] }), '/blocks/0/rows/0'],
  ['the rows of a data table', 101, (n) => inMessage(dataTable(...times(n, [cell('a')]))), '/blocks/0/rows'],
  ['the page of a data table', 100, (n) => inMessage({ ...dataTable([cell('a')], [cell('b')]), page_size: n }), '/blocks/0/page_size'],
  ['the author of a video', 49, (n) => inMessage({ ...BLOCK_SAMPLES.video, author_name: text(n) }), '/blocks/0/author_name'],
  ['the title of a video', 199, (n) => inMessage({ ...BLOCK_SAMPLES.video, title: plain(n) }), '/blocks/0/title/text'],
  ['the indent of a list', LIMITS.richTextList.indent, (n) => inMessage({ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: n, elements: [{ type: 'rich_text_section', elements: [] }] }] }), '/blocks/0/elements/0/indent'],
  ['the title of a chart', 50, (n) => inMessage({ ...chart(1), title: text(n) }), '/blocks/0/title'],
  ['the series of a chart', 6, (n) => inMessage(chart(n)), '/blocks/0/chart/series'],
];

describe('src/blocks/limits.ts', () => {
  test.each(LENGTHS)('%s: %i fits and one more does not', (_name, max, build, pointer) => {
    expect(build(max)).toEqual([]);
    expect(build(max + 1).map((issue) => issue.pointer)).toEqual([pointer]);
  });

  test.each(LENGTHS)('%s says its limit of %i in Slack’s words', (_name, max, build, pointer) => {
    const [issue] = build(max + 1);

    expect(issue?.message).toMatch(new RegExp(`${max}|${max + 1}`));
    expect(issue?.message.endsWith(`[json-pointer:${pointer}]`)).toBe(true);
  });

  test('a section over 3,000 characters is refused exactly as Slack does it', () => {
    const issues = checkMessage(messageOf({ type: 'section', text: { type: 'mrkdwn', text: 'a'.repeat(3001) } }));

    expect(issues).toEqual([
      { code: 'invalid_blocks', pointer: '/blocks/0/text/text', message: 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]' },
    ]);
  });

  test('an emoji counts as two, so that nothing passes here that Slack refuses', () => {
    const issues = checkMessage(messageOf({ type: 'header', text: { ...PLAIN, text: '😀'.repeat(76) } }));

    expect(issues.map(({ pointer }) => pointer)).toEqual(['/blocks/0/text/text']);
  });
});
