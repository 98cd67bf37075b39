import { isObject } from '#src/blocks/rules.ts';
import { objectsIn } from '#src/blocks/walk.ts';
import { canSee, messagesSeenBy, standsInChannel, writingBarrier } from '../client/seeing.ts';
import { canAct, enteredIn, isInsider, type Session } from '../client/session.ts';
import type { Backend } from '../state/backend.ts';
import { directMessageWith, type Channel } from '../state/channels.ts';
import { stateOf, valuesOf } from '../state/entered.ts';
import { mimeTypeOf, privateUrl, type StoredFile } from '../state/files.ts';
import type { Message } from '../state/messages.ts';
import { isMemberOfTeam, SLACKBOT, type User } from '../state/people.ts';
import { homeOf, type StoredView } from '../state/views.ts';
import type { ChannelMessages, HomeTab, ModalStack, PageApp, PageChannel, PageFile, PageMessage, PagePerson, PageView, Workspace } from './contract.ts';

export function workspaceSeenBy(session: Session, isConnected: boolean): Workspace {
  const { backend, user } = session;
  const seen = [...backend.channels.values()].filter((channel) => channel.kind !== 'im' && canSee(backend, channel, user));
  const [mine, others] = [seen.filter(({ members }) => members.has(user.id)), seen.filter(({ members }) => !members.has(user.id))];
  return {
    team: { id: backend.team.id, name: backend.team.name },
    app: pageApp(backend, isConnected),
    me: pagePerson(backend, user),
    people: [...backend.users.values()].map((one) => pagePerson(backend, one)),
    groups: [...backend.groups.values()].filter(({ deletedAt }) => deletedAt === 0).map(({ id, handle, name, members }) => ({ id, handle, name, members })),
    channels: [...mine, ...others].map((channel) => pageChannel(session, channel)),
    ...(isInsider(session) && { directMessage: pageChannel(session, directMessageWith(backend, user.id)) }),
    now: backend.clock.now().toISOString(),
  };
}

export function channelSeenBy(session: Session, channel: Channel): ChannelMessages {
  const { backend, user } = session;
  return { channel: channel.id, messages: messagesSeenBy(backend, channel, user).map((message) => pageMessage(session, message)) };
}

export function homeSeenBy(session: Session): HomeTab {
  const view = homeOf(session.backend, session.user.id);
  return view === undefined ? {} : { view: pageView(session, view) };
}

export function modalsSeenBy(session: Session): ModalStack {
  const { backend, user } = session;
  const views = (backend.stacks.get(user.id) ?? []).flatMap((id) => backend.views.get(id) ?? []);
  return { modals: views.map((view) => pageView(session, view)) };
}

function pageApp({ app }: Backend, isConnected: boolean): PageApp {
  const isUsable = app.installed && app.scopes.has('commands');
  return {
    id: app.id,
    name: app.name,
    userId: app.botUserId,
    isConnected: isConnected && app.installed,
    isInstalled: app.installed,
    hasHome: app.homeTab,
    commands: isUsable ? app.commands.map(({ command, description, usage_hint: usageHint = '' }) => ({ command, description, usageHint })) : [],
    shortcuts: isUsable ? app.shortcuts.map(({ name, description, callback_id: callbackId, type }) => ({ name, description, callbackId, type })) : [],
  };
}

function pagePerson(backend: Backend, user: User): PagePerson {
  const sort = user.id === SLACKBOT ? 'slack' : user.isBot ? 'bot' : !isMemberOfTeam(backend, user) ? 'outsider' : user.isRestricted ? 'guest' : 'member';
  return { id: user.id, handle: user.handle, realName: user.realName, sort, isDeactivated: user.deleted, canAct: canAct(user), timeZone: user.timeZone };
}

function pageChannel(session: Session, channel: Channel): PageChannel {
  const { backend, user } = session;
  return {
    id: channel.id,
    name: channel.name,
    kind: channel.kind,
    isArchived: channel.isArchived,
    isShared: channel.sharedWith.length > 0,
    isMember: channel.members.has(user.id),
    hasApp: channel.members.has(backend.app.botUserId),
    canWrite: canAct(user) && writingBarrier(backend, channel, user) === undefined,
    members: [...channel.members],
    unread: unreadIn(session, channel),
  };
}

function unreadIn({ backend, user, read }: Session, channel: Channel): number {
  if (!channel.members.has(user.id)) return 0;
  const upTo = Number(read.get(channel.id) ?? 0);
  return messagesSeenBy(backend, channel, user).filter((message) => standsInChannel(message) && message.author !== user.id && Number(message.ts) > upTo).length;
}

function pageMessage(session: Session, message: Message): PageMessage {
  const { backend } = session;
  return {
    ts: message.ts,
    author: message.author,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    ...(message.threadTs !== undefined && { threadTs: message.threadTs }),
    isBroadcast: message.isBroadcast,
    isEphemeral: message.visibleTo !== undefined,
    isEdited: message.editedTs !== undefined,
    files: message.files.flatMap((id) => backend.files.get(id) ?? []).map(pageFile),
    pictures: picturesIn(backend, [message.blocks, message.attachments]),
    values: valuesOf([...message.blocks, ...message.attachments.flatMap(({ blocks }) => blocks)], enteredIn(session, message)),
  };
}

function pageView({ backend, busy }: Session, view: StoredView): PageView {
  return { id: view.id, content: view.content, values: stateOf(view), errors: view.errors, isBusy: busy.has(view.id), pictures: picturesIn(backend, view.content.blocks) };
}

function picturesIn(backend: Backend, blocks: unknown): readonly PageFile[] {
  const named = [...objectsIn(blocks)].flatMap(({ value }) => (isObject(value.slack_file) ? [value.slack_file] : []));
  return [...backend.files.values()].filter((file) => named.some(({ id, url }) => id === file.id || url === privateUrl(backend, file))).map(pageFile);
}

function pageFile(file: StoredFile): PageFile {
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    altText: file.altText ?? '',
    mimeType: mimeTypeOf(file),
    size: file.content?.length ?? file.length,
    url: `/sandbox/files/${file.id}/${encodeURIComponent(file.name)}`,
  };
}
