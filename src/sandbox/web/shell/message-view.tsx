import type { ReactElement } from 'react';
import type { PageMessage, PageShortcut } from '../../slack/page/contract.ts';
import { Blocks } from '../blocks/block.tsx';
import { Menu } from '../elements/menu.tsx';
import { Icon } from '../icon.tsx';
import { SurfaceProvider, useHands } from '../surface.tsx';
import { clockTime, momentText } from '../text/dates.ts';
import { Mrkdwn } from '../text/mrkdwn-view.tsx';
import { useWorld } from '../world.tsx';
import { Attachment } from './attachment.tsx';
import { Avatar } from './avatar.tsx';
import { Badge } from './badge.tsx';
import { FileView } from './file-view.tsx';
import { ThreadSummary } from './thread-summary.tsx';
import { timeOf, type ThreadInfo } from './threads.ts';

export interface MessageProps {
  readonly channel: string;
  readonly message: PageMessage;
  /** Goes on what the same author has just said. */
  readonly isContinued: boolean;
  /** The thread that starts here; absent inside of the thread itself. */
  readonly thread?: ThreadInfo | undefined;
  /** Absent inside of a thread. */
  readonly onOpenThread?: ((ts: string) => void) | undefined;
  readonly shortcuts: readonly PageShortcut[];
}

export function MessageView({ channel, message, isContinued, thread, onOpenThread, shortcuts }: MessageProps): ReactElement {
  const { people, viewpoint } = useWorld();
  const author = people.get(message.author);
  const at = timeOf(message.ts);
  const moment = (
    <time className="message-time" dateTime={at.toISOString()} title={momentText(at, viewpoint)}>
      {clockTime(at, viewpoint)}
    </time>
  );
  return (
    <article className="message" data-ts={message.ts} data-ephemeral={message.isEphemeral || undefined} data-continued={isContinued || undefined} aria-label={`${author?.realName ?? message.author}, ${clockTime(at, viewpoint)}`}>
      <div className="message-side">{isContinued ? moment : <Avatar id={message.author} />}</div>
      <div className="message-main">
        {message.isEphemeral && <OnlyYou channel={channel} ts={message.ts} />}
        {message.isBroadcast && onOpenThread !== undefined && message.threadTs !== undefined && <RepliedHere ts={message.threadTs} onOpen={onOpenThread} />}
        {!isContinued && (
          <div className="message-head">
            <strong>{author?.realName ?? message.author}</strong>
            <Badge person={author} />
            {moment}
          </div>
        )}
        <MessageBody channel={channel} message={message} />
        {thread !== undefined && onOpenThread !== undefined && <ThreadSummary thread={thread} onOpen={() => onOpenThread(message.ts)} />}
      </div>
      <MessageTools channel={channel} message={message} shortcuts={shortcuts} onOpenThread={onOpenThread} />
    </article>
  );
}

function MessageBody({ channel, message }: Pick<MessageProps, 'channel' | 'message'>): ReactElement {
  const { ts, text, blocks, attachments, files, isEphemeral, isEdited, values, pictures } = message;
  return (
    <SurfaceProvider surface={{ place: { in: 'message', channel, ts, isEphemeral }, values, errors: {}, pictures, isBusy: false }}>
      {blocks.length > 0 ? <Blocks blocks={blocks} /> : text !== '' && <Mrkdwn text={text} />}
      {attachments.map((attachment, index) => (
        <Attachment key={index} attachment={attachment} />
      ))}
      {files.map((file) => (
        <FileView key={file.id} file={file} />
      ))}
      {isEdited && <span className="message-edited">(edited)</span>}
    </SurfaceProvider>
  );
}

function OnlyYou({ channel, ts }: { readonly channel: string; readonly ts: string }): ReactElement {
  const { tryTo } = useHands();
  return (
    <div className="message-note">
      Only visible to you ·{' '}
      <button type="button" className="link" onClick={() => void tryTo({ do: 'dismiss', channel, ts })}>
        Dismiss
      </button>
    </div>
  );
}

function RepliedHere({ ts, onOpen }: { readonly ts: string; readonly onOpen: (ts: string) => void }): ReactElement {
  return (
    <div className="message-note">
      <Icon name="reply" /> replied to{' '}
      <button type="button" className="link" onClick={() => onOpen(ts)}>
        a thread
      </button>
    </div>
  );
}

function MessageTools({ channel, message, shortcuts, onOpenThread }: Pick<MessageProps, 'channel' | 'message' | 'shortcuts' | 'onOpenThread'>): ReactElement | null {
  const { tryTo } = useHands();
  const { ts, isEphemeral, threadTs } = message;
  const usable = isEphemeral ? [] : shortcuts.filter(({ type }) => type === 'message');
  const canReply = onOpenThread !== undefined && !isEphemeral;
  if (!canReply && usable.length === 0) return null;
  return (
    <div className="message-tools">
      {canReply && (
        <button type="button" className="button-bare" aria-label="Reply in thread" title="Reply in thread" onClick={() => onOpenThread(threadTs ?? ts)}>
          <Icon name="message" />
        </button>
      )}
      {usable.length > 0 && (
        <Menu
          label="More actions"
          className="button-bare"
          items={usable.map(({ name, description, callbackId }) => ({ key: callbackId, label: name, description, onChoose: () => void tryTo({ do: 'message-shortcut', callbackId, channel, ts }) }))}
        >
          <Icon name="more" />
        </Menu>
      )}
    </div>
  );
}
