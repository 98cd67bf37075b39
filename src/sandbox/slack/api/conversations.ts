import type { Backend } from '../state/backend.ts';
import { channelJson, directMessageWith, isVisibleTo, join, type Channel, type ChannelKind } from '../state/channels.ts';
import { userOf } from '../state/people.ts';
import { ApiError, invalidArguments } from './api-error.ts';
import { flagArg, listArg, requiredArg, textArg, type Arguments } from './arguments.ts';
import { pageOf, pagingJson } from './paging.ts';
import { requireScope } from './tokens.ts';

const DEFAULT_PAGE = 100;

/** Slack's name of each kind in `types`, and the scope that shows it. */
const KINDS: Readonly<Record<string, readonly [kind: ChannelKind, scope: string]>> = {
  public_channel: ['public', 'channels:read'],
  private_channel: ['private', 'groups:read'],
  im: ['im', 'im:read'],
  mpim: ['mpim', 'mpim:read'],
};

/** Public channels, and whatever else the app is in. */
export function conversationsList(backend: Backend, args: Arguments): object {
  return listOf(backend, args, (channel) => isVisibleTo(channel, backend.app.botUserId));
}

/** The channels of one member: the app, or a person who is named. */
export function usersConversations(backend: Backend, args: Arguments): object {
  const bot = backend.app.botUserId;
  const user = textArg(args, 'user') ?? bot;
  if (!backend.users.has(user)) throw new ApiError('user_not_found');
  return listOf(backend, args, (channel) => channel.members.has(user) && isVisibleTo(channel, bot));
}

export function conversationsInfo(backend: Backend, args: Arguments): object {
  return { channel: channelJson(backend, readableChannel(backend, args)) };
}

export function conversationsMembers(backend: Backend, args: Arguments): object {
  const channel = readableChannel(backend, args);
  const page = pageOf(
    args,
    [...channel.members].map((id) => ({ id })),
    DEFAULT_PAGE,
  );
  return { members: page.items.map(({ id }) => id), ...pagingJson(page) };
}

export function conversationsOpen(backend: Backend, args: Arguments): object {
  const known = textArg(args, 'channel');
  if (known !== undefined) {
    const channel = backend.channels.get(known);
    if (channel?.kind !== 'im') throw new ApiError('channel_not_found');
    return { no_op: true, already_open: true, channel: { id: channel.id } };
  }
  const users = listArg(args, 'users') ?? [];
  const [user, ...others] = users.map((id) => userOf(backend, id));
  if (users.length === 0) throw new ApiError('users_list_not_supplied');
  if (user === undefined || others.includes(undefined)) throw new ApiError('user_not_found');
  if (others.length > 0) throw new ApiError('method_not_supported_for_channel_type');
  if (user.deleted) throw new ApiError('user_disabled');
  if (user.isBot) throw new ApiError('cannot_dm_bot');
  const channel = directMessageWith(backend, user.id);
  return { channel: flagArg(args, 'return_im') === true ? channelJson(backend, channel) : { id: channel.id } };
}

export function conversationsJoin(backend: Backend, args: Arguments): object {
  const channel = readableChannel(backend, args);
  const bot = userOf(backend, backend.app.botUserId);
  if (channel.kind !== 'public' || bot === undefined) throw new ApiError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new ApiError('is_archived');
  const already = channel.members.has(bot.id);
  join(backend, channel, bot);
  return { channel: channelJson(backend, channel), ...(already && { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }) };
}

function listOf(backend: Backend, args: Arguments, isListed: (channel: Channel) => boolean): object {
  const kinds = (listArg(args, 'types') ?? ['public_channel']).map((type) => {
    const known = KINDS[type];
    if (known === undefined) throw new ApiError('invalid_types');
    requireScope([...backend.app.scopes], [known[1]]);
    return known[0];
  });
  const withArchived = flagArg(args, 'exclude_archived') !== true;
  const channels = [...backend.channels.values()].filter((channel) => kinds.includes(channel.kind) && (withArchived || !channel.isArchived) && isListed(channel));
  const page = pageOf(args, channels, DEFAULT_PAGE);
  return { channels: page.items.map((channel) => channelJson(backend, channel)), ...pagingJson(page) };
}

/** A channel that the app may read about; private ones that it is not in do not exist for it. */
function readableChannel(backend: Backend, args: Arguments): Channel {
  const channel = backend.channels.get(requiredArg(args, 'channel'));
  if (channel === undefined || !isVisibleTo(channel, backend.app.botUserId)) throw new ApiError('channel_not_found');
  const scope = Object.values(KINDS).find(([kind]) => kind === channel.kind)?.[1];
  if (scope === undefined) throw invalidArguments('unknown kind of channel');
  requireScope([...backend.app.scopes], [scope]);
  return channel;
}
