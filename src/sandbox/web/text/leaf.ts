import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonIn, numberIn, stringIn, typeOf } from '../json.ts';
import { emojiSign, signOfCodePoints } from './emoji.ts';
import { safeUrl, type Piece } from './pieces.ts';

/** A leaf of rich text without its style; undefined for one that is not known. */
export function leafPiece(leaf: BlockJson): Piece | undefined {
  const text = (field: string): string => stringIn(leaf, field) ?? '';
  switch (typeOf(leaf)) {
    case 'text':
      return isCode(leaf) ? { kind: 'code', text: text('text') } : { kind: 'text', text: text('text') };
    case 'link':
      return linkPiece(text('url'), stringIn(leaf, 'text'));
    case 'user':
      return { kind: 'person', id: text('user_id') };
    case 'usergroup':
      return { kind: 'group', id: text('usergroup_id') };
    case 'channel':
      return { kind: 'channel', id: text('channel_id') };
    case 'team':
      return { kind: 'text', text: text('team_id') };
    case 'broadcast':
      return { kind: 'broadcast', range: text('range') };
    case 'emoji':
      return emojiPiece(text('name'), stringIn(leaf, 'unicode'));
    case 'color':
      return { kind: 'code', text: text('value') };
    case 'date':
      return datePiece(leaf);
    default:
      return undefined;
  }
}

/** The leaf with its style around it. */
export function styledPiece(leaf: BlockJson): Piece | undefined {
  const style = jsonIn(leaf, 'style') ?? {};
  let piece = leafPiece(leaf);
  for (const kind of ['bold', 'italic', 'strike', 'underline'] as const) if (piece !== undefined && style[kind] === true) piece = { kind, pieces: [piece] };
  return piece;
}

function isCode(leaf: BlockJson): boolean {
  return jsonIn(leaf, 'style')?.code === true;
}

function linkPiece(url: string, text: string | undefined): Piece {
  const label = text === undefined || text === '' ? url : text;
  const target = safeUrl(url);
  return target === undefined ? { kind: 'text', text: label } : { kind: 'link', url: target, label };
}

function emojiPiece(name: string, unicode: string | undefined): Piece {
  const sign = unicode === undefined ? undefined : signOfCodePoints(unicode);
  return sign !== undefined && emojiSign(name) === undefined ? { kind: 'text', text: sign } : { kind: 'emoji', name };
}

function datePiece(leaf: BlockJson): Piece {
  const url = safeUrl(stringIn(leaf, 'url') ?? '');
  return {
    kind: 'date',
    unixSeconds: numberIn(leaf, 'timestamp') ?? NaN,
    format: stringIn(leaf, 'format') ?? '',
    fallback: stringIn(leaf, 'fallback') ?? '',
    ...(url !== undefined && { url }),
  };
}
