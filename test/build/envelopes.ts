import type { Envelope } from '#src/sandbox/slack/delivery/transport.ts';
import type { SlackEvent } from '#src/sandbox/slack/state/backend.ts';
import { idOf } from '#src/sandbox/slack/state/ids.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import type { BOT_EVENTS } from '#src/slack/manifest.ts';
import type { Bot } from './bot.ts';

const TEAM = { id: idOf('T', 'own'), domain: 'sandbox' };
const USER = { id: seededId('user', 'ann'), username: 'ann', name: 'ann', team_id: TEAM.id };
const CHANNEL = { id: seededId('channel', 'sec-prod'), name: 'sec-prod' };
const MODAL = { id: 'V0000000001', type: 'modal', callback_id: 'anything', state: { values: {} }, blocks: [], private_metadata: '', hash: '1.a' };
/** Tokens of this form are looked up, and this one is not known. */
const TOKEN = 'A'.repeat(27);

let count = 0;

export interface Envelopes {
  readonly command: (text: string) => Envelope;
  /** A button of a message, by the verb of its command. */
  readonly press: (verb: string) => Envelope;
  readonly pressInModal: (verb: string) => Envelope;
  readonly submission: () => Envelope;
  readonly closing: () => Envelope;
  readonly shortcut: () => Envelope;
  readonly messageShortcut: () => Envelope;
  readonly suggestion: () => Envelope;
  readonly event: (type: keyof typeof EVENTS) => Envelope;
}

/** What Slack sends when Ann does something, whether or not the bot offers it. Each is another time that she does it. */
export function envelopesFor({ slack }: Bot): Envelopes {
  const interaction = (payload: object): Envelope => ({
    type: 'interactive',
    payload: { user: USER, team: TEAM, enterprise: null, is_enterprise_install: false, token: 'x', trigger_id: next(), ...payload },
    acceptsAnswer: true,
  });
  const answerAt = () => new URL(`/actions/${TEAM.id}/${next()}`, slack.pageUrl).href;
  const onMessage = (verb: string) => ({
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: CHANNEL.id, is_ephemeral: false },
    channel: CHANNEL,
    actions: [{ type: 'button', action_id: `${verb}:1`, block_id: 'b', value: TOKEN, action_ts: '1700000000.000200' }],
  });
  return {
    command: (text) => ({
      type: 'slash_commands',
      payload: {
        ...{ command: '/k8ssec', text, user_id: USER.id, user_name: USER.name, team_id: TEAM.id, team_domain: TEAM.domain, token: 'x', is_enterprise_install: 'false' },
        ...{ channel_id: CHANNEL.id, channel_name: CHANNEL.name, response_url: answerAt(), trigger_id: next() },
      },
      acceptsAnswer: true,
    }),
    press: (verb) => interaction({ type: 'block_actions', ...onMessage(verb), response_url: answerAt() }),
    pressInModal: (verb) => interaction({ type: 'block_actions', ...onMessage(verb), channel: undefined, container: { type: 'view', view_id: MODAL.id }, view: MODAL }),
    submission: () => interaction({ type: 'view_submission', view: MODAL }),
    closing: () => interaction({ type: 'view_closed', view: MODAL, is_cleared: false }),
    shortcut: () => interaction({ type: 'shortcut', callback_id: 'anything', action_ts: '1700000000.000200' }),
    messageShortcut: () =>
      interaction({ type: 'message_action', callback_id: 'anything', action_ts: '1.2', message_ts: '1.1', channel: CHANNEL, message: { type: 'message', text: 'x', ts: '1.1' }, response_url: answerAt() }),
    suggestion: () => interaction({ type: 'block_suggestion', action_id: 'anything', block_id: 'b', value: 'pr', container: { type: 'view', view_id: MODAL.id }, view: MODAL }),
    event: (type) => ({
      type: 'events_api',
      payload: { token: 'x', team_id: TEAM.id, api_app_id: 'A1', type: 'event_callback', event_id: `Ev${next()}`, event_time: 1_700_000_000, event: { type, ...EVENTS[type] }, authorizations: [{ team_id: TEAM.id, user_id: 'U1', is_bot: true }] },
      acceptsAnswer: false,
    }),
  };
}

/** One of each kind that the bot subscribes to, and one that it does not. */
export const EVENTS: Readonly<Record<(typeof BOT_EVENTS)[number] | 'app_mention', Omit<SlackEvent, 'type'>>> = {
  app_home_opened: { user: USER.id, channel: 'D1', tab: 'home', event_ts: '1.1' },
  user_change: { user: { id: USER.id, name: 'ann' }, event_ts: '1.1' },
  subteam_members_changed: { subteam_id: seededId('group', 'operators'), team_id: TEAM.id, event_ts: '1.1' },
  channel_shared: { channel: CHANNEL.id, connected_team_id: 'T2', event_ts: '1.1' },
  app_mention: { user: USER.id, text: 'hello', channel: CHANNEL.id, ts: '1.1', event_ts: '1.1' },
};

function next(): string {
  count += 1;
  return `9${String(count).padStart(9, '0')}`;
}
