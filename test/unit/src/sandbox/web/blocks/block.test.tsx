import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import type { BlockJson } from '#src/sandbox/slack/page/contract.ts';
import { blocksHtml, words } from '../show.tsx';

const RICH = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Rich words' }] }] };
const plain = (text: string): BlockJson => ({ type: 'plain_text', text });
const mrkdwn = (text: string): BlockJson => ({ type: 'mrkdwn', text });

/** One of every type, with what must be read of it. */
const BLOCKS: Readonly<Record<KnownBlock['type'] | 'data_visualization', readonly [block: BlockJson, read: readonly string[]]>> = {
  actions: [{ elements: [{ type: 'button', action_id: 'a', text: plain('Press') }] }, ['Press']],
  alert: [{ level: 'warning', text: mrkdwn('Take *care*') }, ['Warning', 'Take care']],
  card: [{ title: mrkdwn('Title'), subtitle: mrkdwn('Below'), body: mrkdwn('Body'), actions: [{ type: 'button', action_id: 'a', text: plain('Open') }] }, ['Title', 'Below', 'Body', 'Open']],
  carousel: [{ elements: [{ type: 'card', title: mrkdwn('One') }, { type: 'card', title: mrkdwn('Two') }] }, ['One', 'Two']],
  container: [{ title: plain('Around'), child_blocks: [{ type: 'section', text: mrkdwn('Inside') }] }, ['Around', 'Inside']],
  context: [{ elements: [mrkdwn('Gray'), { type: 'image', image_url: 'https://x.example/i.png', alt_text: 'An icon' }] }, ['Gray', 'An icon']],
  context_actions: [
    { elements: [{ type: 'feedback_buttons', action_id: 'a', positive_button: { text: plain('Good'), value: '1' }, negative_button: { text: plain('Bad'), value: '0' } }, { type: 'icon_button', action_id: 'b', icon: 'trash', text: plain('Delete') }] },
    ['Good', 'Bad', 'Delete'],
  ],
  data_table: [
    { caption: 'Findings', page_size: 1, rows: [[{ type: 'raw_text', text: 'Namespace' }, { type: 'raw_text', text: 'Count' }], [{ type: 'raw_text', text: 'shop' }, { type: 'raw_number', value: 7, text: '7' }], [{ type: 'raw_text', text: 'later' }]] },
    ['Findings', 'Namespace', 'Count', 'shop', '7', '1–1 of 2'],
  ],
  data_visualization: [{ title: 'Chart', chart: { type: 'pie', segments: [{ label: 'Critical', value: 3 }] } }, ['Chart', 'Critical']],
  divider: [{}, []],
  file: [{ source: 'remote', external_id: 'report-7' }, ['report-7']],
  header: [{ text: plain('A *header* :warning:') }, ['A *header* ⚠️']],
  image: [{ image_url: 'https://x.example/map.png', alt_text: 'Network map', title: plain('Map') }, ['Map', 'Network map']],
  input: [{ label: plain('Reason'), hint: plain('Read by all'), optional: true, element: { type: 'plain_text_input', action_id: 'a' } }, ['Reason', '(optional)', 'Read by all']],
  markdown: [{ text: '# Title\n**bold** and `code`' }, ['Title', 'bold', 'code']],
  plan: [{ title: 'The plan', tasks: [{ type: 'task_card', task_id: '1', title: 'First step', status: 'complete' }] }, ['The plan', 'First step']],
  rich_text: [RICH, ['Rich words']],
  section: [{ text: mrkdwn('A *section*'), fields: [mrkdwn('Field'), plain('*Literal*')], accessory: { type: 'button', action_id: 'a', text: plain('Beside') } }, ['A section', 'Field', '*Literal*', 'Beside']],
  table: [{ rows: [[{ type: 'raw_text', text: 'Head' }], [RICH], [{ type: 'raw_text', text: '*raw* <b>' }]] }, ['Head', 'Rich words', '*raw* <b>']],
  task_card: [{ task_id: '1', title: 'Step', status: 'error', details: RICH }, ['Step', 'Rich words']],
  video: [{ title: plain('Film'), alt_text: 'A film', thumbnail_url: 'https://x.example/t.png', video_url: 'https://x.example/v', provider_name: 'Tube' }, ['Film', 'Tube', 'A film']],
};

describe('src/sandbox/web/blocks/block.tsx', () => {
  test.each(Object.entries(BLOCKS))('draws a %s', (type, [block, read]) => {
    const markup = blocksHtml([{ type, block_id: 'b', ...block }]);

    expect(markup).not.toContain('json-box');
    expect(markup.length).toBeGreaterThan('<div class="blocks"></div>'.length);
    for (const text of read) expect(words(markup)).toContain(text);
  });

  test.each(Object.entries(BLOCKS))('fetches nothing from outside for a %s', (type, [block]) => {
    expect(blocksHtml([{ type, block_id: 'b', ...block }])).not.toMatch(/\ssrc="|<link|srcset|poster=/);
  });

  test('shows a block that nobody knows as its JSON', () => {
    const markup = blocksHtml([{ type: 'hologram', text: '<b>see me</b>' }]);

    expect(words(markup)).toContain('Block “hologram”, which the sandbox cannot draw');
    expect(words(markup)).toContain('"text": "<b>see me</b>"');
    expect(markup).not.toContain('<b>');
  });

  test.each([
    [{ type: 'actions', elements: [{ type: 'lever', action_id: 'a' }] }, 'lever'],
    [{ type: 'section', text: { type: 'mrkdwn', text: 'x' }, accessory: { type: 'lever' } }, 'lever'],
    [{ type: 'rich_text', elements: [{ type: 'rich_text_poem' }] }, 'rich_text_poem'],
    [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'smell' }] }] }, 'smell'],
    [{ type: 'table', rows: [[{ type: 'raw_sound' }]] }, 'raw_sound'],
    [{}, 'This block has no type'],
    [{ type: 'toString' }, 'toString'],
  ])('shows the unknown piece of %j as its JSON', (block, name) => {
    expect(words(blocksHtml([block]))).toContain(name);
    expect(blocksHtml([block])).toContain('json-box');
  });

  // The library insists on what Slack insists on; in the browser a guard stands around it.
  test.each(Object.keys(BLOCKS).filter((type) => !['data_visualization', 'markdown', 'plan', 'task_card'].includes(type)))('survives a %s without anything in it', (type) => {
    expect(blocksHtml([{ type }])).toContain('class="blocks"');
  });

  test('shows pictures of the sandbox itself', () => {
    const picture = { id: 'F1', name: 'map.png', title: 'Map', altText: 'Map', mimeType: 'image/png', size: 9, url: '/sandbox/files/F1/map.png' };
    const block = { type: 'image', slack_file: { id: 'F1' }, alt_text: 'Network map' };

    expect(blocksHtml([block], { pictures: [picture] })).toContain('<img class="picture" src="/sandbox/files/F1/map.png" alt="Network map"');
    expect(blocksHtml([block])).not.toContain('<img');
  });

  test('puts what is wrong below the input and tells screen readers', () => {
    const block = { type: 'input', block_id: 'reason', label: plain('Reason'), element: { type: 'plain_text_input', action_id: 'a' } };
    const markup = blocksHtml([block], { errors: { reason: 'Too short.' } });
    const hintId = /aria-describedby="([^"]+)"/.exec(markup)?.[1];

    expect(markup).toContain('aria-invalid="true"');
    expect(markup).toContain(`<div id="${hintId}" aria-live="polite"><div class="input-error">Too short.</div>`);
  });
});
