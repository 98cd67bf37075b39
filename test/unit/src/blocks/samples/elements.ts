import type { ActionsBlockElement, InputBlockElement, SectionBlockAccessory } from '@slack/types';
import { MRKDWN, PLAIN, richTextOf } from './blocks.ts';

type Element = ActionsBlockElement | InputBlockElement | SectionBlockAccessory;

const CONFIRM = { title: PLAIN, text: MRKDWN, confirm: PLAIN, deny: PLAIN, style: 'danger' } as const;
const OPTION = { text: PLAIN, value: 'one', description: PLAIN };
const RICH_OPTION = { text: MRKDWN, value: 'one' };
const MENU = { action_id: 'menu', confirm: CONFIRM, focus_on_load: false, placeholder: PLAIN };
const TYPED = { action_id: 'typed', focus_on_load: false, placeholder: PLAIN, dispatch_action_config: { trigger_actions_on: ['on_enter_pressed' as const] } };

/** One legal element of every type that stands in a section, an actions block or an input, with every field that it may have. */
export const ELEMENT_SAMPLES: { readonly [T in Element['type']]: Extract<Element, { type: T }> } = {
  button: { type: 'button', action_id: 'go', text: PLAIN, value: 'v', url: 'https://example.com', style: 'primary', confirm: CONFIRM, accessibility_label: 'Go' },
  checkboxes: { type: 'checkboxes', action_id: 'boxes', options: [RICH_OPTION], initial_options: [RICH_OPTION], confirm: CONFIRM, focus_on_load: false },
  radio_buttons: { type: 'radio_buttons', action_id: 'radio', options: [RICH_OPTION], initial_option: RICH_OPTION, confirm: CONFIRM, focus_on_load: false },
  overflow: { type: 'overflow', action_id: 'more', options: [{ ...OPTION, url: 'https://example.com' }], confirm: CONFIRM },
  static_select: { type: 'static_select', ...MENU, options: [OPTION], initial_option: OPTION },
  multi_static_select: { type: 'multi_static_select', ...MENU, option_groups: [{ label: PLAIN, options: [OPTION] }], initial_options: [OPTION], max_selected_items: 1 },
  external_select: { type: 'external_select', ...MENU, initial_option: OPTION, min_query_length: 0 },
  multi_external_select: { type: 'multi_external_select', ...MENU, initial_options: [OPTION], min_query_length: 1, max_selected_items: 2 },
  users_select: { type: 'users_select', ...MENU, initial_user: 'U1' },
  multi_users_select: { type: 'multi_users_select', ...MENU, initial_users: ['U1'], max_selected_items: 1 },
  conversations_select: {
    type: 'conversations_select',
    ...MENU,
    initial_conversation: 'C1',
    default_to_current_conversation: true,
    response_url_enabled: true,
    filter: { include: ['public', 'im'], exclude_bot_users: true, exclude_external_shared_channels: true },
  },
  multi_conversations_select: {
    type: 'multi_conversations_select',
    ...MENU,
    initial_conversations: ['C1'],
    default_to_current_conversation: true,
    filter: { include: ['private'] },
    max_selected_items: 3,
  },
  channels_select: { type: 'channels_select', ...MENU, initial_channel: 'C1', response_url_enabled: true },
  multi_channels_select: { type: 'multi_channels_select', ...MENU, initial_channels: ['C1'], max_selected_items: 3 },
  datepicker: { type: 'datepicker', ...MENU, initial_date: '2026-11-23' },
  timepicker: { type: 'timepicker', ...MENU, initial_time: '09:30', timezone: 'Europe/Paris' },
  datetimepicker: { type: 'datetimepicker', action_id: 'when', confirm: CONFIRM, focus_on_load: false, initial_date_time: 1_628_633_820 },
  plain_text_input: { type: 'plain_text_input', ...TYPED, initial_value: '', multiline: true, min_length: 10, max_length: 500 },
  email_text_input: { type: 'email_text_input', ...TYPED, initial_value: 'ann@example.com' },
  url_text_input: { type: 'url_text_input', ...TYPED, initial_value: 'https://example.com' },
  number_input: { type: 'number_input', ...TYPED, is_decimal_allowed: true, initial_value: '1.5', min_value: '-1', max_value: '10' },
  rich_text_input: { type: 'rich_text_input', ...TYPED, initial_value: richTextOf('w'), min_lines: 1, max_lines: 100 },
  file_input: { type: 'file_input', action_id: 'files', filetypes: ['csv'], max_files: 10 },
  workflow_button: {
    type: 'workflow_button',
    action_id: 'flow',
    text: PLAIN,
    workflow: { trigger: { url: 'https://example.com', customizable_input_parameters: [{ name: 'n', value: 'v' }] } },
    style: 'primary',
    confirm: CONFIRM,
    accessibility_label: 'Flow',
  },
  image: { type: 'image', alt_text: 'A picture', slack_file: { url: 'https://files.example.com/F1' } },
};
