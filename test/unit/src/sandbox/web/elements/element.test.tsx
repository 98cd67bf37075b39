import { describe, expect, test } from '@jest/globals';
import type { BlockJson } from '#src/sandbox/slack/page/contract.ts';
import { elementHtml, words } from '../show.tsx';

const plain = (text: string): BlockJson => ({ type: 'plain_text', text });
const option = (text: string): BlockJson => ({ text: plain(text), value: text.toLowerCase() });
const OPTIONS = [option('Low'), option('High')];

describe('src/sandbox/web/elements/element.tsx', () => {
  test.each([
    ['static_select', { options: OPTIONS }, { selected_option: option('High') }, 'value="High"'],
    ['static_select', { options: OPTIONS, placeholder: plain('Severity') }, { selected_option: null }, 'placeholder="Severity"'],
    ['external_select', {}, { selected_option: option('prod-eu') }, 'value="prod-eu"'],
    ['multi_static_select', { options: OPTIONS }, { selected_options: OPTIONS }, 'aria-label="Remove High"'],
    ['multi_external_select', {}, { selected_options: OPTIONS }, 'aria-label="Remove Low"'],
    ['users_select', {}, { selected_user: 'UBO' }, 'value="Bo Approver"'],
    ['multi_users_select', {}, { selected_users: ['UBO', 'UANN'] }, 'aria-label="Remove Ann Operator"'],
    ['conversations_select', {}, { selected_conversation: 'CPRIV' }, 'value="sec-private"'],
    ['multi_conversations_select', {}, { selected_conversations: ['CPROD'] }, 'aria-label="Remove sec-prod"'],
    ['channels_select', {}, { selected_channel: 'CPROD' }, 'value="sec-prod"'],
    ['multi_channels_select', {}, { selected_channels: ['CPROD'] }, 'aria-label="Remove sec-prod"'],
    ['datepicker', {}, { selected_date: '2026-11-30' }, 'type="date" class="text-field text-field-moment"'],
    ['datepicker', {}, { selected_date: '2026-11-30' }, 'value="2026-11-30"'],
    ['timepicker', {}, { selected_time: '09:30' }, 'value="09:30"'],
    ['datetimepicker', {}, { selected_date_time: 1_795_420_800 }, 'value="2026-11-23T09:00"'],
    ['plain_text_input', {}, { value: 'because' }, 'value="because"'],
    ['plain_text_input', { multiline: true }, { value: 'because' }, '>because</textarea>'],
    ['email_text_input', {}, { value: 'a@b.example' }, 'inputMode="email"'],
    ['url_text_input', {}, { value: null }, 'inputMode="url"'],
    ['number_input', {}, { value: '7' }, 'value="7"'],
    ['rich_text_input', {}, { rich_text_value: { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [plain('Words')] }] } }, '>Words</textarea>'],
    ['checkboxes', { options: OPTIONS }, { selected_options: [option('High')] }, 'checked=""/><span>High'],
    ['radio_buttons', { options: OPTIONS }, { selected_option: option('Low') }, 'checked=""/><span>Low'],
    ['button', { text: plain('Go'), style: 'danger' }, {}, 'class="button button-danger"'],
    ['button', { text: plain('Go'), accessibility_label: 'Go to the finding' }, {}, 'aria-label="Go to the finding"'],
    ['workflow_button', { text: plain('Run') }, {}, '>Run</button>'],
    ['overflow', { options: OPTIONS }, {}, 'aria-haspopup="menu"'],
    ['file_input', {}, {}, 'Files cannot be handed in here.'],
  ])('shows what a %s holds', (type, element, value, expected) => {
    expect(elementHtml({ type, ...element }, { type, ...value })).toContain(expected);
  });

  test('turns everything off while a modal is being submitted', () => {
    for (const type of ['button', 'static_select', 'plain_text_input', 'datepicker', 'overflow']) {
      expect(elementHtml({ type, text: plain('Go'), options: OPTIONS }, {}, { isBusy: true })).toContain('disabled=""');
      expect(elementHtml({ type, text: plain('Go'), options: OPTIONS })).not.toContain('disabled=""');
    }
  });

  test('shows an icon button only to the people it is for', () => {
    const element = { type: 'icon_button', icon: 'trash', text: plain('Delete') };

    expect(elementHtml({ ...element, visible_to_user_ids: ['UBO'] })).not.toContain('Delete');
    expect(elementHtml({ ...element, visible_to_user_ids: ['UANN'] })).toContain('Delete');
  });

  test('does not read markup in labels', () => {
    expect(words(elementHtml({ type: 'button', text: plain('*Go* <b>') }))).toBe('*Go* <b>');
  });
});
