import type { Backend } from '../state/backend.ts';
import { ApiError } from './api-error.ts';
import { apiTest, authRevoke, authTest, validateBlocks } from './apps.ts';
import type { Arguments } from './arguments.ts';
import { getPermalink, postEphemeral, postMessage, postTarget, remove, update } from './chat.ts';
import { conversationsInfo, conversationsJoin, conversationsList, conversationsMembers, conversationsOpen, usersConversations } from './conversations.ts';
import { completeUpload, filesInfo, getUploadUrl } from './files.ts';
import { methodInfo, type MethodName } from './methods-table.ts';
import { lookupByEmail, usergroupMembers, usergroupsList, usersInfo, usersList } from './people.ts';
import type { RateLimits } from './rate-limits.ts';
import { authorize, type Tokens } from './tokens.ts';
import { openView, publishView, pushView, updateView } from './views.ts';

export interface ApiDeps {
  readonly backend: Backend;
  readonly tokens: Tokens;
  readonly limits: RateLimits;
  /** Address for one more socket; undefined when the app is not in Socket Mode. */
  readonly socketUrl: (() => string) | undefined;
}

export interface Call {
  readonly args: Arguments;
  readonly token: string | undefined;
  /** The arguments came as a JSON body. */
  readonly isJson: boolean;
}

/** The call came too fast. */
export class RateLimited extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('ratelimited');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Runs one method. @throws {ApiError} @throws {RateLimited} */
export function callMethod(deps: ApiDeps, method: MethodName, { args: given, token, isJson }: Call): object {
  const info = methodInfo(method);
  const args = info.formOnly === true && isJson ? {} : given;
  authorize(deps.tokens, deps.backend.app, info, token);
  const retryAfter = deps.limits.take(method, postTarget(deps.backend, args));
  if (retryAfter !== undefined) throw new RateLimited(retryAfter);
  return HANDLERS[method](deps, args);
}

type Handler = (deps: ApiDeps, args: Arguments) => object;

const HANDLERS: Readonly<Record<MethodName, Handler>> = {
  'api.test': (_deps, args) => apiTest(args),
  'apps.connections.open': ({ socketUrl }) => openConnection(socketUrl),
  'auth.revoke': ({ tokens }, args) => authRevoke(tokens, args),
  'auth.test': ({ backend }) => authTest(backend),
  'blocks.validate': (_deps, args) => validateBlocks(args),
  'chat.delete': ofBackend(remove),
  'chat.getPermalink': ofBackend(getPermalink),
  'chat.postEphemeral': ofBackend(postEphemeral),
  'chat.postMessage': ofBackend(postMessage),
  'chat.update': ofBackend(update),
  'conversations.info': ofBackend(conversationsInfo),
  'conversations.join': ofBackend(conversationsJoin),
  'conversations.list': ofBackend(conversationsList),
  'conversations.members': ofBackend(conversationsMembers),
  'conversations.open': ofBackend(conversationsOpen),
  'files.completeUploadExternal': ofBackend(completeUpload),
  'files.getUploadURLExternal': ofBackend(getUploadUrl),
  'files.info': ofBackend(filesInfo),
  'usergroups.list': ofBackend(usergroupsList),
  'usergroups.users.list': ofBackend(usergroupMembers),
  'users.conversations': ofBackend(usersConversations),
  'users.info': ofBackend(usersInfo),
  'users.list': ofBackend(usersList),
  'users.lookupByEmail': ofBackend(lookupByEmail),
  'views.open': ofBackend(openView),
  'views.publish': ofBackend(publishView),
  'views.push': ofBackend(pushView),
  'views.update': ofBackend(updateView),
};

function ofBackend(run: (backend: Backend, args: Arguments) => object): Handler {
  return ({ backend }, args) => run(backend, args);
}

function openConnection(socketUrl: (() => string) | undefined): object {
  if (socketUrl === undefined) throw new ApiError('socket_mode_not_enabled');
  return { url: socketUrl() };
}
