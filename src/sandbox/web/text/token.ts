import { safeUrl, type Piece } from './pieces.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack escapes these three characters and no other. */
export function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** What `<…>` stands for; undefined if it is nothing that Slack knows, and then it stays text. */
export function tokenPiece(inside: string): Piece | undefined {
  const bar = inside.indexOf('|');
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? undefined : unescaped(inside.slice(bar + 1));
  const labelled = label === undefined || label === '' ? {} : { label };
  const person = /^@([UW]\w+)$/.exec(target)?.[1];
  if (person !== undefined) return { kind: 'person', id: person, ...labelled };
  const channel = /^#([CDG]\w+)$/.exec(target)?.[1];
  if (channel !== undefined) return { kind: 'channel', id: channel, ...labelled };
  if (target.startsWith('!')) return specialPiece(target.slice(1), label);
  const url = safeUrl(unescaped(target));
  return url === undefined ? undefined : { kind: 'link', url, label: label ?? url.replace(/^mailto:/i, '') };
}

function specialPiece(command: string, label: string | undefined): Piece | undefined {
  const [name, ...rest] = command.split('^');
  if (name === 'subteam') return { kind: 'group', id: rest[0] ?? '', ...(label !== undefined && { label }) };
  if (name === 'date') return datePiece(rest, label ?? '');
  if (command === 'here' || command === 'channel' || command === 'everyone') return { kind: 'broadcast', range: command };
  return label === undefined ? undefined : { kind: 'text', text: label };
}

function datePiece([seconds = '', format = '', url]: readonly string[], fallback: string): Piece {
  const target = url === undefined ? undefined : safeUrl(unescaped(url));
  return { kind: 'date', unixSeconds: Number(seconds === '' ? NaN : seconds), format: unescaped(format), fallback, ...(target !== undefined && { url: target }) };
}
