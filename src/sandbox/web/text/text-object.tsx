import type { ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { stringIn, typeOf } from '../json.ts';
import { emojiSign } from './emoji.ts';
import { Mrkdwn } from './mrkdwn-view.tsx';
import { Pieces } from './pieces-view.tsx';
import type { Piece } from './pieces.ts';

interface TextObjectProps {
  readonly text: BlockJson;
}

/** A `mrkdwn` or `plain_text` object. */
export function TextObject({ text }: TextObjectProps): ReactElement {
  const words = stringIn(text, 'text') ?? '';
  return typeOf(text) === 'mrkdwn' ? <Mrkdwn text={words} isVerbatim={text.verbatim === true} /> : <PlainText text={words} hasEmoji={text.emoji !== false} />;
}

interface PlainTextProps {
  readonly text: string;
  readonly hasEmoji?: boolean;
}

export function PlainText({ text, hasEmoji = true }: PlainTextProps): ReactElement {
  return <Pieces pieces={hasEmoji ? withEmoji(text) : [{ kind: 'text', text }]} />;
}

function withEmoji(text: string): readonly Piece[] {
  return text.split(/(:[a-z0-9_+-]+:)/).map((part): Piece => {
    const name = part.slice(1, -1);
    return part.startsWith(':') && emojiSign(name) !== undefined ? { kind: 'emoji', name } : { kind: 'text', text: part };
  });
}
