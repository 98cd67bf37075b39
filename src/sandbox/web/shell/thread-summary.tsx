import type { ReactElement } from 'react';
import { agoText, clockTime, dayName } from '../text/dates.ts';
import { useWorld } from '../world.tsx';
import { Avatar } from './avatar.tsx';
import type { ThreadInfo } from './threads.ts';

const FACES = 4;
const RECENT_MS = 12 * 3_600_000;

interface ThreadSummaryProps {
  readonly thread: ThreadInfo;
  readonly onOpen: () => void;
}

export function ThreadSummary({ thread: { count, authors, last }, onOpen }: ThreadSummaryProps): ReactElement {
  const { viewpoint } = useWorld();
  const agoMs = viewpoint.nowMs - last.getTime();
  return (
    <button type="button" className="thread-summary" onClick={onOpen}>
      {authors.slice(0, FACES).map((author) => (
        <Avatar key={author} id={author} isSmall />
      ))}
      <strong>{count === 1 ? '1 reply' : `${count} replies`}</strong>
      <span>Last reply {agoMs < RECENT_MS ? agoText(-Math.max(0, agoMs)) : `${dayName(last, viewpoint)} at ${clockTime(last, viewpoint)}`}</span>
    </button>
  );
}
