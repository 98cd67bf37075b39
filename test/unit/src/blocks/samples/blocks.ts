import type { KnownBlock, RichTextBlock } from '@slack/types';

export const PLAIN = { type: 'plain_text', text: 'Words' } as const;
export const MRKDWN = { type: 'mrkdwn', text: '*Words*' } as const;
const IMAGE = { type: 'image', alt_text: 'A picture', image_url: 'https://example.com/a.png' } as const;

export function richTextOf(text: string): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

/** One legal block of every type, with every field that it may have. */
export const BLOCK_SAMPLES: { readonly [T in KnownBlock['type']]: Extract<KnownBlock, { type: T }> } = {
  actions: { type: 'actions', block_id: 'a', elements: [{ type: 'button', action_id: 'go', text: PLAIN }] },
  alert: { type: 'alert', block_id: 'b', text: PLAIN, level: 'warning' },
  card: {
    type: 'card',
    block_id: 'c',
    hero_image: IMAGE,
    icon: IMAGE,
    title: MRKDWN,
    subtitle: MRKDWN,
    body: MRKDWN,
    actions: [{ type: 'button', action_id: 'go', text: PLAIN }],
  },
  carousel: { type: 'carousel', block_id: 'd', elements: [{ type: 'card', title: MRKDWN }] },
  container: {
    type: 'container',
    block_id: 'e',
    title: PLAIN,
    rich_text_title: richTextOf('Title'),
    subtitle: MRKDWN,
    width: 'wide',
    icon: IMAGE,
    is_collapsible: true,
    default_collapsed: true,
    has_header_divider: false,
    child_blocks: [{ type: 'divider', block_id: 'e1' }],
  },
  context: { type: 'context', block_id: 'f', elements: [PLAIN, MRKDWN, IMAGE] },
  context_actions: {
    type: 'context_actions',
    block_id: 'g',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: 'useful',
        positive_button: { text: PLAIN, value: 'yes', accessibility_label: 'Useful' },
        negative_button: { text: PLAIN, value: 'no' },
      },
      { type: 'icon_button', action_id: 'bin', icon: 'trash', text: PLAIN, value: 'x', accessibility_label: 'Remove', visible_to_user_ids: ['U1'] },
    ],
  },
  data_table: {
    type: 'data_table',
    block_id: 'h',
    caption: 'Findings',
    page_size: 10,
    row_header_column_index: 0,
    rows: [
      [
        { type: 'raw_text', text: 'Name' },
        { type: 'raw_number', value: 1, text: '1' },
      ],
      [richTextOf('api'), { type: 'raw_number', value: 2, text: '2' }],
    ],
  },
  divider: { type: 'divider', block_id: 'i' },
  file: { type: 'file', block_id: 'j', source: 'remote', external_id: 'f1' },
  header: { type: 'header', block_id: 'k', text: PLAIN },
  image: { type: 'image', block_id: 'l', alt_text: 'A picture', title: PLAIN, slack_file: { id: 'F1' } },
  input: { type: 'input', block_id: 'm', label: PLAIN, hint: PLAIN, optional: true, dispatch_action: true, element: { type: 'plain_text_input', action_id: 'text' } },
  markdown: { type: 'markdown', block_id: 'n', text: '**Words**' },
  plan: { type: 'plan', block_id: 'o', title: 'Plan', tasks: [{ type: 'task_card', task_id: '1', title: 'One', status: 'pending' }] },
  rich_text: {
    type: 'rich_text',
    block_id: 'p',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'Words', style: { bold: true, italic: true, strike: true, code: true, underline: true } },
          { type: 'link', url: 'https://example.com', text: 'here', unsafe: true },
          { type: 'user', user_id: 'U1' },
          { type: 'usergroup', usergroup_id: 'S1' },
          { type: 'channel', channel_id: 'C1' },
          { type: 'team', team_id: 'T1' },
          { type: 'emoji', name: 'wave', unicode: '1f44b' },
          { type: 'broadcast', range: 'here' },
          { type: 'color', value: '#F405B3' },
          { type: 'date', timestamp: 1_700_000_000, format: '{date_num}', url: 'https://example.com', fallback: 'then' },
        ],
      },
      { type: 'rich_text_list', style: 'ordered', indent: 2, border: 1, elements: [{ type: 'rich_text_section', elements: [] }] },
      { type: 'rich_text_quote', border: 0, elements: [{ type: 'text', text: 'said' }] },
      { type: 'rich_text_preformatted', border: 0, elements: [{ type: 'text', text: 'code' }] },
    ],
  },
  section: { type: 'section', block_id: 'q', text: MRKDWN, fields: [PLAIN], expand: true, accessory: IMAGE },
  table: {
    type: 'table',
    block_id: 'r',
    rows: [[{ type: 'raw_text', text: 'a' }, { type: 'raw_number', value: 1.5, text: '1.5' }, richTextOf('b')]],
    column_settings: [{ align: 'right', is_wrapped: true }],
  },
  task_card: {
    type: 'task_card',
    block_id: 's',
    task_id: '1',
    title: 'Scan',
    details: richTextOf('d'),
    output: richTextOf('o'),
    sources: [{ type: 'url', url: 'https://example.com', text: 'source' }],
    status: 'in_progress',
  },
  video: {
    type: 'video',
    block_id: 't',
    alt_text: 'A film',
    title: PLAIN,
    title_url: 'https://example.com/film',
    thumbnail_url: 'https://example.com/film.png',
    video_url: 'https://example.com/film.mp4',
    author_name: 'Ann',
    description: PLAIN,
    provider_icon_url: 'https://example.com/icon.png',
    provider_name: 'Films',
  },
};
