import { describe, expect, test } from '@jest/globals';
import { actions, button, input, plain, post, section, startSlack, workspaceOf, type Json } from '../support/slack.ts';

const text = (words: string) => ({ type: 'text', text: words });

/** What is shown, and the words that a person reads. */
const READ: readonly (readonly [what: string, blocks: readonly Json[], words: string])[] = [
  ['a header and a divider', [{ type: 'header', text: plain('Scan') }, { type: 'divider' }], 'Scan\n———'],
  ['a section with fields and a button', [{ ...section('*A*'), fields: [plain('B'), plain('C')], accessory: button('Open') }], '*A*\nB\nC\n[Open]'],
  ['a context', [{ type: 'context', elements: [plain('A'), { type: 'image', image_url: 'https://a.example/a.png', alt_text: 'logo' }] }], 'A (picture: logo)'],
  ['elements', [actions(button('A'), { type: 'overflow', action_id: 'o', options: [{ text: plain('X'), value: 'x' }] }, { type: 'datepicker', action_id: 'd', initial_date: '2026-11-30' }, { type: 'users_select', action_id: 'u', placeholder: plain('Who?') })], '[A] […] [2026-11-30] [Who?]'],
  ['choices', [input('Pick', { type: 'checkboxes', options: [{ text: plain('X'), value: 'x' }, { text: plain('Y'), value: 'y' }] })], 'Pick\n( ) X\n( ) Y'],
  ['a picture', [{ type: 'image', image_url: 'https://a.example/a.png', alt_text: 'a map', title: plain('Map') }], 'Map\n(picture: a map)'],
  ['a table', [{ type: 'table', rows: [[{ type: 'raw_text', text: 'A' }, { type: 'raw_text', text: 'B' }], [{ type: 'raw_text', text: '1' }, { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [text('2')] }] }]] }], 'A | B\n1 | 2'],
  [
    'rich text',
    [
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [text('See '), { type: 'link', url: 'https://a.example', text: 'here' }, text('\nor '), { type: 'emoji', name: 'eyes' }] },
          { type: 'rich_text_list', style: 'bullet', elements: [{ type: 'rich_text_section', elements: [text('one')] }, { type: 'rich_text_section', elements: [{ type: 'date', timestamp: 1, format: '{ago}', fallback: 'long ago' }] }] },
          { type: 'rich_text_preformatted', elements: [text('code')] },
        ],
      },
    ],
    'See here\nor :eyes:\n• one\n• long ago\ncode',
  ],
];

describe('src/sandbox/slack/client/words.ts', () => {
  test.each(READ)('reads %s', async (_what, blocks, words) => {
    const slack = await startSlack();

    await post(slack, '#sec-prod', { text: 'T', blocks });

    expect(slack.as('ann').messages('#sec-prod')[0]?.words).toBe(words);
  });

  test('reads mentions, links, dates and entities of mrkdwn', async () => {
    const slack = await startSlack();
    const { userId, channelId, groupId } = workspaceOf(slack);

    await post(slack, '#sec-prod', { text: `<@${userId('bo')}> <#${channelId('sec-dev')}> <!subteam^${groupId('sec-leads')}> <!here> <https://a.example|A &amp; B> <!date^1^{date}|Monday> &lt;b&gt; &amp;lt;` });

    expect(slack.as('ann').messages('#sec-prod')[0]?.words).toBe('@bo #sec-dev @sec-leads @here A & B Monday <b> &lt;');
  });

  test('reads people, groups and channels in rich text', async () => {
    const slack = await startSlack();
    const { userId, channelId, groupId } = workspaceOf(slack);
    const elements = [{ type: 'user', user_id: userId('bo') }, text(' '), { type: 'usergroup', usergroup_id: groupId('sec-leads') }, text(' '), { type: 'channel', channel_id: channelId('sec-dev') }, text(' <raw>')];

    await post(slack, '#sec-prod', { text: 'T', blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }] });

    expect(slack.as('ann').messages('#sec-prod')[0]?.words).toBe('@bo @sec-leads #sec-dev <raw>');
  });

  test('reads attachments below the message', async () => {
    const slack = await startSlack();

    await post(slack, '#sec-prod', { text: 'T', attachments: [{ color: '#f00', blocks: [section('Attached')] }] });

    expect(slack.as('ann').messages('#sec-prod')[0]?.words).toBe('T\nAttached');
  });
});
