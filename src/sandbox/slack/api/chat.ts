import { LIMITS } from '#src/blocks/limits.ts';
import { nextTs, type Backend } from '../state/backend.ts';
import { directMessageWith, findChannel, isVisibleTo, type Channel } from '../state/channels.ts';
import { addMessage, editMessage, findMessage, messageJson, removeMessage, repliesTo, type Message } from '../state/messages.ts';
import { userOf } from '../state/people.ts';
import { ApiError } from './api-error.ts';
import { flagArg, requiredArg, textArg, type Arguments } from './arguments.ts';
import { contentOf, metadataOf } from './content.ts';

export function postMessage(backend: Backend, args: Arguments): object {
  const channel = postingChannel(backend, args);
  const content = contentOf(backend, args);
  const message = addMessage(backend, channel, {
    ...content,
    author: backend.app.botUserId,
    threadTs: threadOf(backend, channel, args),
    isBroadcast: flagArg(args, 'reply_broadcast') ?? false,
    metadata: metadataOf(args),
    unfurlLinks: flagArg(args, 'unfurl_links'),
    unfurlMedia: flagArg(args, 'unfurl_media'),
  });
  return { channel: channel.id, ts: message.ts, message: messageJson(backend, message), ...warningsJson(content.warnings) };
}

export function postEphemeral(backend: Backend, args: Arguments): object {
  const channel = postingChannel(backend, args);
  const user = userOf(backend, requiredArg(args, 'user'));
  if (user === undefined || user.deleted || !channel.members.has(user.id)) throw new ApiError('user_not_in_channel');
  const content = contentOf(backend, args);
  const threadTs = threadOf(backend, channel, args);
  const parent = threadTs === undefined ? undefined : findMessage(backend, channel.id, threadTs);
  // Slack says that it was posted, and shows it to nobody, when there is no thread yet.
  if (parent !== undefined && repliesTo(backend, parent).length === 0) return { message_ts: nextTs(backend), ...warningsJson(content.warnings) };
  const message = addMessage(backend, channel, { ...content, author: backend.app.botUserId, visibleTo: user.id, threadTs });
  return { message_ts: message.ts, ...warningsJson(content.warnings) };
}

/** Refuses a person's id as the channel, unlike `chat.postMessage`. */
export function update(backend: Backend, args: Arguments): object {
  const channel = knownChannel(backend, args);
  if (channel.isArchived) throw new ApiError('is_inactive');
  const message = ownMessage(backend, channel, args, 'cant_update_message');
  const age = backend.clock.nowMs() / 1000 - Number(message.ts);
  if (age > backend.behaviour.editWindowSeconds) throw new ApiError('edit_window_closed');
  if (Buffer.byteLength(textArg(args, 'text') ?? '') > LIMITS.message.updatedTextBytes) throw new ApiError('msg_too_long');
  const content = contentOf(backend, args);
  const metadata = args.metadata === undefined ? message.metadata : metadataOf(args);
  editMessage(backend, message, content);
  message.metadata = metadata;
  return { channel: channel.id, ts: message.ts, text: message.text, message: messageJson(backend, message), ...warningsJson(content.warnings) };
}

export function remove(backend: Backend, args: Arguments): object {
  const channel = knownChannel(backend, args);
  const message = ownMessage(backend, channel, args, 'cant_delete_message');
  removeMessage(backend, message);
  return { channel: channel.id, ts: message.ts };
}

export function getPermalink(backend: Backend, args: Arguments): object {
  const channel = knownChannel(backend, args);
  const message = findMessage(backend, channel.id, requiredArg(args, 'message_ts'));
  if (message === undefined) throw new ApiError('message_not_found');
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return { channel: channel.id, permalink: `https://${backend.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}` };
}

/** The id of the conversation that a post goes to, as far as it is known before the call is looked at. */
export function postTarget(backend: Backend, args: Arguments): string | undefined {
  const given = textArg(args, 'channel');
  return findChannel(backend, given)?.id ?? given;
}

/** The channel to post in: also by name, or by the id of a person for the app's direct message with that person. */
export function postingChannel(backend: Backend, args: Arguments, name = 'channel'): Channel {
  const given = textArg(args, name);
  const user = userOf(backend, given);
  if (user?.isBot === true || user?.deleted === true) throw new ApiError('channel_not_found');
  const channel = user === undefined ? findChannel(backend, given) : directMessageWith(backend, user.id);
  const bot = backend.app.botUserId;
  if (channel === undefined || !isVisibleTo(channel, bot)) throw new ApiError('channel_not_found');
  if (channel.isArchived) throw new ApiError('is_archived');
  if (channel.kind === 'im' && !backend.app.messagesTab) throw new ApiError('messages_tab_disabled');
  if (!channel.members.has(bot) && !backend.app.scopes.has('chat:write.public')) throw new ApiError('not_in_channel');
  return channel;
}

function knownChannel(backend: Backend, args: Arguments): Channel {
  const channel = backend.channels.get(textArg(args, 'channel') ?? '');
  if (channel === undefined || !isVisibleTo(channel, backend.app.botUserId)) throw new ApiError('channel_not_found');
  return channel;
}

function ownMessage(backend: Backend, channel: Channel, args: Arguments, refusal: string): Message {
  const message = findMessage(backend, channel.id, requiredArg(args, 'ts'));
  if (message === undefined) throw new ApiError('message_not_found');
  if (message.author !== backend.app.botUserId) throw new ApiError(refusal);
  return message;
}

/** A reply to a reply lands in the thread of the first message. */
export function threadOf(backend: Backend, channel: Channel, args: Arguments): string | undefined {
  const ts = textArg(args, 'thread_ts');
  if (ts === undefined) return undefined;
  const parent = findMessage(backend, channel.id, ts);
  if (parent === undefined) throw new ApiError('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

function warningsJson(warnings: readonly string[]): object {
  return warnings.length === 0 ? {} : { warning: warnings.join(','), response_metadata: { warnings } };
}
