import { useEffect, type ReactElement } from 'react';
import type { PageChannel, PageMessage, PageShortcut } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';
import { Composer } from './composer.tsx';
import type { LineHistory } from './line-history.ts';
import { MessageList } from './message-list.tsx';
import { messagesOfThread } from './threads.ts';

interface ThreadPanelProps {
  readonly channel: PageChannel;
  readonly channelName: string;
  /** `ts` of its first message. */
  readonly thread: string;
  /** All of the channel. */
  readonly messages: readonly PageMessage[];
  readonly shortcuts: readonly PageShortcut[];
  readonly history: LineHistory;
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

const NO_THREADS = new Map<string, never>();

export function ThreadPanel({ channel, channelName, thread, messages, shortcuts, history, takesFocus, onClose }: ThreadPanelProps): ReactElement {
  const shown = messagesOfThread(messages, thread);

  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [onClose]);

  return (
    <aside className="thread" aria-label="Thread">
      <header className="pane-head">
        <div className="pane-title">
          <h2>Thread</h2>
          <span className="pane-note">{channelName}</span>
        </div>
        <button type="button" className="button-bare" aria-label="Close thread" title="Close thread" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList key={thread} label="Messages in this thread" channel={channel.id} messages={shown} threads={NO_THREADS} shortcuts={shortcuts}>
        {shown.length === 0 && <p className="quiet thread-gone">This thread cannot be seen.</p>}
      </MessageList>
      {channel.canWrite && (
        <Composer key={thread} channel={channel.id} threadTs={thread} placeholder="Reply" commands={[]} shortcuts={[]} history={history} takesFocus={takesFocus} />
      )}
    </aside>
  );
}
