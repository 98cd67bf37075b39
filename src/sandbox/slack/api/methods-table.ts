import { LIMITS } from '#src/blocks/limits.ts';

/** What Slack asks of a call before it looks at the arguments. */
export interface MethodInfo {
  /** Calls per minute; the posts of `chat.postMessage` are limited by channel instead. */
  readonly perMinute?: number;
  readonly token: 'bot' | 'app' | 'none';
  /** One of these scopes is needed. */
  readonly scopes?: readonly string[];
  /** Takes forms only: a JSON body counts as no arguments. */
  readonly formOnly?: true;
}

const { 2: tier2, 3: tier3, 4: tier4 } = LIMITS.tiers;
const READ_CHANNELS = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const OPEN_CONVERSATIONS = ['channels:manage', 'groups:write', 'im:write', 'mpim:write'];

/** Every method of the Web API that the stand-in has; all others are unknown to it. */
export const METHODS = {
  'api.test': { perMinute: tier4, token: 'none' },
  'apps.connections.open': { perMinute: tier3, token: 'app', scopes: ['connections:write'] },
  'auth.revoke': { perMinute: tier3, token: 'bot' },
  'auth.test': { token: 'bot' },
  'blocks.validate': { token: 'none' },
  'chat.delete': { perMinute: tier3, token: 'bot', scopes: ['chat:write'] },
  'chat.getPermalink': { token: 'bot' },
  'chat.postEphemeral': { perMinute: tier4, token: 'bot', scopes: ['chat:write'] },
  'chat.postMessage': { token: 'bot', scopes: ['chat:write'] },
  'chat.update': { perMinute: tier3, token: 'bot', scopes: ['chat:write'] },
  'conversations.info': { perMinute: tier3, token: 'bot', scopes: READ_CHANNELS },
  'conversations.join': { perMinute: tier3, token: 'bot', scopes: ['channels:join'] },
  'conversations.list': { perMinute: tier2, token: 'bot', scopes: READ_CHANNELS },
  'conversations.members': { perMinute: tier4, token: 'bot', scopes: READ_CHANNELS },
  'conversations.open': { perMinute: tier3, token: 'bot', scopes: OPEN_CONVERSATIONS },
  'files.completeUploadExternal': { perMinute: tier4, token: 'bot', scopes: ['files:write'] },
  'files.getUploadURLExternal': { perMinute: tier4, token: 'bot', scopes: ['files:write'], formOnly: true },
  'files.info': { perMinute: tier4, token: 'bot', scopes: ['files:read'] },
  'usergroups.list': { perMinute: tier2, token: 'bot', scopes: ['usergroups:read'] },
  'usergroups.users.list': { perMinute: tier2, token: 'bot', scopes: ['usergroups:read'] },
  'users.conversations': { perMinute: tier3, token: 'bot', scopes: READ_CHANNELS },
  'users.info': { perMinute: tier4, token: 'bot', scopes: ['users:read'] },
  'users.list': { perMinute: tier2, token: 'bot', scopes: ['users:read'] },
  'users.lookupByEmail': { perMinute: tier3, token: 'bot', scopes: ['users:read.email'] },
  'views.open': { perMinute: tier4, token: 'bot' },
  'views.publish': { perMinute: tier4, token: 'bot' },
  'views.push': { perMinute: tier4, token: 'bot' },
  'views.update': { perMinute: tier4, token: 'bot' },
} as const satisfies Readonly<Record<string, MethodInfo>>;

export type MethodName = keyof typeof METHODS;

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

export function methodInfo(name: MethodName): MethodInfo {
  return METHODS[name];
}
