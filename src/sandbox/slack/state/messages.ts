import { ELEMENTS } from '#src/blocks/elements.ts';
import { isObject, type Json } from '#src/blocks/rules.ts';
import { nextTs, type Backend } from './backend.ts';
import type { Channel } from './channels.ts';

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** Id of the author: a person, or the app's bot user. */
  readonly author: string;
  text: string;
  blocks: readonly Json[];
  attachments: readonly Json[];
  metadata: Json | undefined;
  /** The message whose thread it stands in. */
  readonly threadTs: string | undefined;
  /** Shown in the channel as well as in the thread. */
  readonly isBroadcast: boolean;
  /** The only person who sees it. */
  readonly visibleTo: string | undefined;
  readonly unfurlLinks: boolean | undefined;
  readonly unfurlMedia: boolean | undefined;
  /** Ids of files shared with it. */
  readonly files: readonly string[];
  /** Key of the response URL through which it came, or whose command it answers. */
  readonly via: string | undefined;
  editedTs: string | undefined;
}

export interface MessageContent {
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly attachments?: readonly Json[];
}

export interface NewMessage extends MessageContent {
  readonly author: string;
  readonly threadTs?: string | undefined;
  readonly isBroadcast?: boolean;
  readonly visibleTo?: string | undefined;
  readonly metadata?: Json | undefined;
  readonly unfurlLinks?: boolean | undefined;
  readonly unfurlMedia?: boolean | undefined;
  readonly files?: readonly string[];
  readonly via?: string;
}

export function addMessage(backend: Backend, channel: Channel, message: NewMessage): Message {
  const stored: Message = {
    ts: nextTs(backend),
    channel: channel.id,
    author: message.author,
    text: message.text,
    blocks: withIds(backend, message.blocks ?? []),
    attachments: attachmentsWithIds(backend, message.attachments),
    metadata: message.metadata,
    threadTs: message.threadTs,
    isBroadcast: message.isBroadcast ?? false,
    visibleTo: message.visibleTo,
    unfurlLinks: message.unfurlLinks,
    unfurlMedia: message.unfurlMedia,
    files: message.files ?? [],
    via: message.via,
    editedTs: undefined,
  };
  const list = backend.messages.get(channel.id) ?? [];
  list.push(stored);
  backend.messages.set(channel.id, list);
  backend.changes.tell({ about: 'messages', channel: channel.id });
  return stored;
}

/** Replaces text, blocks and attachments; what is not given goes. */
export function editMessage(backend: Backend, message: Message, content: MessageContent): void {
  message.text = content.text;
  message.blocks = withIds(backend, content.blocks ?? []);
  message.attachments = attachmentsWithIds(backend, content.attachments);
  message.editedTs = nextTs(backend);
  backend.changes.tell({ about: 'messages', channel: message.channel });
}

export function removeMessage(backend: Backend, message: Message): void {
  const list = backend.messages.get(message.channel) ?? [];
  backend.messages.set(
    message.channel,
    list.filter((other) => other !== message),
  );
  backend.changes.tell({ about: 'messages', channel: message.channel });
}

/** An ephemeral message is found only when asked for as what it is, because no method can touch it. */
export function findMessage(backend: Backend, channelId: string, ts: unknown, { ephemeral = false } = {}): Message | undefined {
  return backend.messages.get(channelId)?.find((message) => message.ts === ts && (message.visibleTo !== undefined) === ephemeral);
}

/** A message as the Web API and payloads show it. */
export function messageJson(backend: Backend, message: Message): Record<string, unknown> {
  const isBot = message.author === backend.app.botUserId;
  const replies = repliesTo(backend, message);
  return {
    type: 'message',
    user: message.author,
    ...(isBot && { bot_id: backend.app.botId, app_id: backend.app.id, team: backend.team.id }),
    text: message.text,
    ts: message.ts,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(message.metadata && { metadata: message.metadata }),
    ...(message.editedTs !== undefined && { edited: { user: isBot ? backend.app.botId : message.author, ts: message.editedTs } }),
    ...(message.files.length > 0 && { files: message.files.map((id) => ({ id })) }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(replies.length > 0 && { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }),
  };
}

export function repliesTo(backend: Backend, parent: Message): readonly Message[] {
  return (backend.messages.get(parent.channel) ?? []).filter(({ threadTs, visibleTo }) => threadTs === parent.ts && visibleTo === undefined);
}

/** Gives every block and every interactive element the id that Slack makes up for it. */
export function withIds(backend: Backend, blocks: readonly Json[]): readonly Json[] {
  return blocks.map((block) => {
    const children = Array.isArray(block.child_blocks) ? { child_blocks: withIds(backend, block.child_blocks.filter(isObject)) } : {};
    const lists = ['elements', 'actions'].flatMap((name) => {
      const items = block[name];
      return Array.isArray(items) ? [[name, items.map((item: unknown) => withActionId(backend, item))] as const] : [];
    });
    const single = ['accessory', 'element'].flatMap((name) => (isObject(block[name]) ? [[name, withActionId(backend, block[name])] as const] : []));
    return { block_id: backend.newId('').slice(0, 5), ...block, ...children, ...Object.fromEntries([...lists, ...single]) };
  });
}

function attachmentsWithIds(backend: Backend, attachments: readonly Json[] = []): readonly Json[] {
  return attachments.map((attachment) => (Array.isArray(attachment.blocks) ? { ...attachment, blocks: withIds(backend, attachment.blocks.filter(isObject)) } : attachment));
}

function withActionId(backend: Backend, element: unknown): unknown {
  if (!isObject(element) || typeof element.type !== 'string') return element;
  if (!Object.hasOwn(ELEMENTS, element.type) || element.type === 'image') return element;
  return { action_id: backend.newId('').slice(0, 5), ...element };
}
