import type { WebClient } from '@slack/web-api';
import type { Message } from '#src/blocks/build.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Courier, Delivery } from '#src/model/courier.ts';
import { slackFailure } from './failure.ts';

/** Slack counts as degraded after it has failed for this long without one success. */
const DEGRADED_AFTER_MS = 30_000;

const INVALID_BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'only_one_table_allowed']);
const CHANNEL_REFUSALS = new Set(['not_in_channel', 'channel_not_found', 'is_archived', 'user_not_in_channel', 'user_not_found', 'messages_tab_disabled', 'cannot_dm_bot']);
/** Followed by what the channel does not allow: `restricted_action_read_only_channel`. */
const RESTRICTED = 'restricted_action';
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive', 'thread_not_found']);
const UNAUTHORIZED = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive', 'org_login_required']);
const PASSING = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']);

export interface WatchedCourier extends Courier {
  /** Why Slack counts as degraded; undefined when it works. */
  readonly problem: () => string | undefined;
}

/** Carries messages to Slack and keeps an eye on whether it answers. */
export function createCourier(client: WebClient, clock: Clock): WatchedCourier {
  let failing: { readonly since: number; readonly reason: string } | undefined;
  const attempt = async (call: () => Promise<Delivery>): Promise<Delivery> => {
    const delivery = await call().catch((error: unknown) => toDelivery(error));
    const trouble = troubleOf(delivery);
    failing = trouble === undefined ? undefined : { since: failing?.since ?? clock.now().getTime(), reason: trouble };
    return delivery;
  };
  return {
    post: (channel, message, threadTs) =>
      attempt(async () => {
        const { ts, channel: where = channel } = await client.chat.postMessage({ channel, ...content(message), ...(threadTs !== undefined && { thread_ts: threadTs }), unfurl_links: false, unfurl_media: false });
        return ts === undefined ? { outcome: 'lost' } : { outcome: 'sent', place: { channel: where, ts } };
      }),
    update: (place, message) =>
      attempt(async () => {
        await client.chat.update({ channel: place.channel, ts: place.ts, ...content(message) });
        return { outcome: 'sent', place };
      }),
    upload: (channel, { filename, title, content: given, encoding, altText }, threadTs) =>
      attempt(async () => {
        const destination = threadTs === undefined ? { channel_id: channel } : { channel_id: channel, thread_ts: threadTs };
        const file = encoding === undefined ? { content: given } : { file: Buffer.from(given, encoding) };
        await client.filesUploadV2({ ...destination, filename, title, ...file, ...(altText !== undefined && { alt_text: altText }) });
        return { outcome: 'sent', place: { channel, ts: '' } };
      }),
    async answers() {
      const delivery = await attempt(async () => {
        await client.api.test();
        return { outcome: 'sent', place: { channel: '', ts: '' } };
      });
      return delivery.outcome !== 'lost' && delivery.outcome !== 'unavailable';
    },
    problem: () => {
      if (failing === undefined) return undefined;
      return clock.now().getTime() - failing.since >= DEGRADED_AFTER_MS ? failing.reason : undefined;
    },
  };
}

function troubleOf(delivery: Delivery): string | undefined {
  if (delivery.outcome === 'lost') return 'Slack does not answer';
  return delivery.outcome === 'unavailable' || delivery.outcome === 'unauthorized' ? delivery.reason : undefined;
}

/** Both are always sent: leaving blocks out of an update would keep the old ones in some clients. Addresses in the text become no links. */
function content({ text, blocks }: Message) {
  return { text, blocks: [...blocks], parse: 'none' as const };
}

function toDelivery(error: unknown): Delivery {
  const failure = slackFailure(error);
  switch (failure.kind) {
    case 'rate-limited':
      return { outcome: 'rate-limited', waitMs: failure.waitMs };
    case 'lost':
      return { outcome: 'lost' };
    case 'unavailable':
      return { outcome: 'unavailable', reason: failure.reason };
    case 'refused':
      return refusedDelivery(failure.code, failure.detail);
  }
}

function refusedDelivery(code: string, detail: string): Delivery {
  if (INVALID_BLOCKS.has(code)) return { outcome: 'invalid-blocks', detail };
  if (CHANNEL_REFUSALS.has(code) || code.startsWith(RESTRICTED)) return { outcome: 'channel-refused', reason: code };
  if (GONE.has(code)) return { outcome: 'gone', reason: code };
  if (UNAUTHORIZED.has(code)) return { outcome: 'unauthorized', reason: code };
  if (PASSING.has(code)) return { outcome: 'unavailable', reason: code };
  return { outcome: 'rejected', reason: detail };
}
