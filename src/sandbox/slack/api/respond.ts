import type { Backend } from '../state/backend.ts';
import { addMessage, editMessage, findMessage, removeMessage, type Message, type MessageContent } from '../state/messages.ts';
import type { ResponseUrl } from '../state/response-urls.ts';
import { ApiError } from './api-error.ts';
import { flagArg, type Arguments } from './arguments.ts';
import { threadOf } from './chat.ts';
import { contentOf } from './content.ts';

/** An answer through a response URL. Nobody looks whether the app is in the channel. @throws {ApiError} */
export function respond(backend: Backend, url: ResponseUrl, key: string, args: Arguments): void {
  const original = originalOf(backend, url);
  if (flagArg(args, 'delete_original') === true) {
    if (original === undefined) throw new ApiError('message_not_found');
    removeMessage(backend, original);
    return;
  }
  if (flagArg(args, 'replace_original') === true && original !== undefined) {
    editMessage(backend, original, contentOf(backend, args));
    return;
  }
  if (flagArg(args, 'replace_original') === true && url.kind === 'action') throw new ApiError('message_not_found');
  addAnswer(backend, url, key, args, contentOf(backend, args));
}

/** A new message for the person alone, or for everybody with `response_type: in_channel`. */
export function addAnswer(backend: Backend, url: ResponseUrl, key: string, args: Arguments, content: MessageContent): void {
  const channel = backend.channels.get(url.channel);
  if (channel === undefined) throw new ApiError('channel_not_found');
  const ephemeral = args.response_type !== 'in_channel';
  const message = addMessage(backend, channel, {
    ...content,
    author: backend.app.botUserId,
    threadTs: threadOf(backend, channel, args),
    visibleTo: ephemeral ? url.user : undefined,
    via: key,
  });
  url.produced = { ts: message.ts, ephemeral };
}

/** What `replace_original` and `delete_original` touch: the message that was clicked, or the last answer to the command. */
function originalOf(backend: Backend, url: ResponseUrl): Message | undefined {
  const about = url.kind === 'action' ? url.source : url.produced;
  return about && findMessage(backend, url.channel, about.ts, { ephemeral: about.ephemeral });
}
