import { Fragment, type ReactElement, type ReactNode } from 'react';
import { useWorld } from '../world.tsx';
import { dateText, momentText } from './dates.ts';
import { emojiSign } from './emoji.ts';
import type { Piece } from './pieces.ts';

interface PiecesProps {
  readonly pieces: readonly Piece[];
}

export function Pieces({ pieces }: PiecesProps): ReactElement {
  // A text is never rearranged, only replaced, so places are good keys.
  return (
    <>
      {pieces.map((piece, index) => (
        <PieceView key={index} piece={piece} />
      ))}
    </>
  );
}

interface PieceProps {
  readonly piece: Piece;
}

export function PieceView({ piece }: PieceProps): ReactNode {
  switch (piece.kind) {
    case 'text':
      return <Broken text={piece.text} />;
    case 'bold':
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      );
    case 'underline':
      return (
        <u>
          <Pieces pieces={piece.pieces} />
        </u>
      );
    case 'code':
      return <code>{piece.text}</code>;
    case 'link':
      return <OutsideLink url={piece.url}>{piece.label}</OutsideLink>;
    case 'person':
      return <PersonMention id={piece.id} label={piece.label} />;
    case 'group':
      return <GroupMention id={piece.id} label={piece.label} />;
    case 'channel':
      return <ChannelMention id={piece.id} label={piece.label} />;
    case 'broadcast':
      return <span className="mention mention-me">@{piece.range}</span>;
    case 'date':
      return <Moment {...piece} />;
    case 'emoji':
      return <Emoji name={piece.name} />;
  }
}

/** Text in which line ends count. */
function Broken({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {text.split('\n').map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          {line}
        </Fragment>
      ))}
    </>
  );
}

interface OutsideLinkProps {
  /** Checked by whoever made the piece. */
  readonly url: string;
  readonly children: ReactNode;
}

export function OutsideLink({ url, children }: OutsideLinkProps): ReactElement {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
      {children}
    </a>
  );
}

interface MentionProps {
  readonly id: string;
  readonly label?: string | undefined;
}

function PersonMention({ id, label }: MentionProps): ReactElement {
  const { people, meId } = useWorld();
  const person = people.get(id);
  return (
    <span className={id === meId ? 'mention mention-me' : 'mention'} title={person?.realName ?? id}>
      @{person?.handle ?? label ?? id}
    </span>
  );
}

function GroupMention({ id, label }: MentionProps): ReactElement {
  const { groups, meId } = useWorld();
  const group = groups.get(id);
  return (
    <span className={group?.members.includes(meId) === true ? 'mention mention-me' : 'mention'} title={group?.name ?? id}>
      @{group?.handle ?? label?.replace(/^@/, '') ?? id}
    </span>
  );
}

function ChannelMention({ id, label }: MentionProps): ReactElement {
  const { channels, openChannel } = useWorld();
  const channel = channels.get(id);
  if (channel === undefined) return <span className="mention">#{label ?? 'private-channel'}</span>;
  return (
    <button type="button" className="mention mention-link" onClick={() => openChannel(id)}>
      #{channel.name}
    </button>
  );
}

interface MomentProps {
  readonly unixSeconds: number;
  readonly format: string;
  readonly url?: string;
  readonly fallback: string;
}

function Moment({ unixSeconds, format, url, fallback }: MomentProps): ReactElement {
  const { viewpoint } = useWorld();
  const text = dateText(unixSeconds, format, viewpoint);
  if (text === undefined) return <>{fallback}</>;
  const at = new Date(unixSeconds * 1000);
  const shown = (
    <time dateTime={at.toISOString()} title={momentText(at, viewpoint)}>
      {text}
    </time>
  );
  return url === undefined ? shown : <OutsideLink url={url}>{shown}</OutsideLink>;
}

function Emoji({ name }: { readonly name: string }): ReactElement {
  const sign = emojiSign(name);
  if (sign === undefined) return <>:{name}:</>;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {sign}
    </span>
  );
}
