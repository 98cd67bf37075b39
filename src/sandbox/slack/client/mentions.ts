import { isObject } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';

/** As Slack stores what a person typed. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `@ann`, `@sec-approvers` and `#sec-prod` as the ids that Slack makes of them; what nobody is called stays as it is. */
export function withMentions(backend: Backend, text: string): string {
  return text.replaceAll(/(?<![\w<|])([@#])([\w.-]*\w)/g, (word: string, sign: string, name: string) => (sign === '@' ? person(backend, name) : channel(backend, name)) ?? word);
}

function person(backend: Backend, handle: string): string | undefined {
  const user = [...backend.users.values()].find((candidate) => candidate.handle === handle);
  if (user !== undefined) return `<@${user.id}>`;
  const group = [...backend.groups.values()].find((candidate) => candidate.handle === handle && candidate.deletedAt === 0);
  return group && `<!subteam^${group.id}|@${group.handle}>`;
}

function channel(backend: Backend, name: string): string | undefined {
  const found = [...backend.channels.values()].find((candidate) => candidate.name === name && candidate.kind === 'public');
  return found && `<#${found.id}|${found.name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** mrkdwn as a person reads it: mentions by name, links by label, dates by fallback. Signs of formatting stay. */
export function readMrkdwn(backend: Backend, text: string): string {
  return text
    .replaceAll(/<([^<>]+)>/g, (_match, inside: string) => readToken(backend, inside))
    .replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

function readToken(backend: Backend, inside: string): string {
  const [target = '', label] = inside.split('|');
  if (target.startsWith('@')) return nameOfUser(backend, target.slice(1));
  if (target.startsWith('#')) return nameOfChannel(backend, target.slice(1));
  if (target.startsWith('!subteam^')) return nameOfGroup(backend, target.slice('!subteam^'.length));
  if (target.startsWith('!date^')) return label ?? target;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return label ?? target;
}

/** A leaf of rich text as a person reads it. */
export function readLeaf(backend: Backend, leaf: unknown): string {
  if (!isObject(leaf)) return '';
  switch (leaf.type) {
    case 'user':
      return nameOfUser(backend, String(leaf.user_id));
    case 'usergroup':
      return nameOfGroup(backend, String(leaf.usergroup_id));
    case 'channel':
      return nameOfChannel(backend, String(leaf.channel_id));
    case 'broadcast':
      return `@${String(leaf.range)}`;
    case 'emoji':
      return `:${String(leaf.name)}:`;
    case 'link':
      return String(leaf.text ?? leaf.url);
    case 'date':
      return String(leaf.fallback ?? leaf.timestamp);
    default:
      return typeof leaf.text === 'string' ? leaf.text : '';
  }
}

function nameOfUser(backend: Backend, id: string): string {
  return `@${backend.users.get(id)?.handle ?? id}`;
}

function nameOfGroup(backend: Backend, id: string): string {
  return `@${backend.groups.get(id)?.handle ?? id}`;
}

function nameOfChannel(backend: Backend, id: string): string {
  return `#${backend.channels.get(id)?.name ?? id}`;
}
