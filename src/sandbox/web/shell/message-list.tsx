import { Fragment, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import type { PageMessage, PageShortcut } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';
import { dayName, isoDay, type Viewpoint } from '../text/dates.ts';
import { useWorld } from '../world.tsx';
import { MessageView } from './message-view.tsx';
import { continues, timeOf, type ThreadInfo } from './threads.ts';

interface MessageListProps {
  readonly label: string;
  readonly channel: string;
  /** Those to show, oldest first. */
  readonly messages: readonly PageMessage[];
  readonly threads: ReadonlyMap<string, ThreadInfo>;
  readonly onOpenThread?: (ts: string) => void;
  readonly shortcuts: readonly PageShortcut[];
  /** Stands above the messages. */
  readonly children?: ReactNode;
}

/** How far from the end a person may be and still counts as being there. */
const NEAR_PX = 80;

/** Messages in a box that follows new ones as long as the person is at its end. */
export function MessageList({ label, channel, messages, threads, onOpenThread, shortcuts, children }: MessageListProps): ReactElement {
  const { viewpoint, meId } = useWorld();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasNews, setHasNews] = useState(false);
  const last = messages.at(-1);
  const lastTs = last?.ts;
  /** What a person has just written, or was just answered. */
  const isOwn = last?.author === meId || last?.isEphemeral === true;

  function toEnd(): void {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
    setHasNews(false);
  }

  useLayoutEffect(() => {
    if (isAtEnd.current || isOwn) toEnd();
    else if (lastTs !== undefined) setHasNews(true);
  }, [lastTs, isOwn]);

  useLayoutEffect(() => {
    if (content.current === null || box.current === null) return undefined;
    // Pictures that arrive, edits, and a keyboard that takes half of the phone.
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    sizes.observe(content.current);
    sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);

  function follow(): void {
    const { current } = box;
    if (current === null) return;
    isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_PX;
    if (isAtEnd.current) setHasNews(false);
  }

  return (
    <div className="messages-frame">
      <div ref={box} className="messages" role="log" aria-label={label} aria-relevant="additions" tabIndex={0} onScroll={follow}>
        <div ref={content} className="messages-content">
          {children}
          {messages.map((message, index) => (
            <Fragment key={message.ts}>
              {startsDay(message, messages[index - 1], viewpoint) && <DayLine at={timeOf(message.ts)} viewpoint={viewpoint} />}
              <MessageView
                channel={channel}
                message={message}
                isContinued={continues(message, messages[index - 1]) && !startsDay(message, messages[index - 1], viewpoint)}
                thread={threads.get(message.ts)}
                onOpenThread={onOpenThread}
                shortcuts={shortcuts}
              />
            </Fragment>
          ))}
        </div>
      </div>
      {hasNews && (
        <button type="button" className="news" onClick={toEnd}>
          <Icon name="down" /> New messages
        </button>
      )}
    </div>
  );
}

function startsDay(message: PageMessage, before: PageMessage | undefined, viewpoint: Viewpoint): boolean {
  return before === undefined || isoDay(timeOf(before.ts), viewpoint) !== isoDay(timeOf(message.ts), viewpoint);
}

function DayLine({ at, viewpoint }: { readonly at: Date; readonly viewpoint: Viewpoint }): ReactElement {
  return (
    <div className="day" role="separator" aria-label={dayName(at, viewpoint)}>
      <span>{dayName(at, viewpoint)}</span>
    </div>
  );
}
