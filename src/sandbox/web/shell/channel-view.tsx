import { useEffect, useState, type ReactElement } from 'react';
import type { ChannelMessages, PageChannel, Workspace } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';
import { useHands } from '../surface.tsx';
import { ChannelName } from './channel-name.tsx';
import { Composer } from './composer.tsx';
import type { LineHistory } from './line-history.ts';
import { Members } from './members.tsx';
import { MessageList } from './message-list.tsx';
import { PaneHead } from './pane-head.tsx';
import { standsInChannel, threadsIn } from './threads.ts';
import { Welcome } from './welcome.tsx';

interface ChannelViewProps {
  readonly workspace: Workspace;
  readonly channel: PageChannel;
  /** Absent while they are being read. */
  readonly read: ChannelMessages | undefined;
  readonly history: LineHistory;
  readonly takesFocus: boolean;
  readonly onOpenThread: (ts: string) => void;
  readonly onOpenSidebar: () => void;
}

export function ChannelView({ workspace, channel, read, history, takesFocus, onOpenThread, onOpenSidebar }: ChannelViewProps): ReactElement {
  const { app } = workspace;
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [isMembersOpen, setIsMembersOpen] = useState(false);
  const messages = read?.messages ?? [];
  const isDirect = channel.kind === 'im';
  useReadMark(channel);

  return (
    <main className="pane" aria-label={isDirect ? app.name : `#${channel.name}`}>
      <PaneHead title={<ChannelName channel={channel} appName={app.name} />} note={isDirect ? 'Direct message with the app' : channelNote(channel)} onOpenSidebar={onOpenSidebar}>
        {!isDirect && (
          <button type="button" className="button-bare pane-members" aria-label={`${channel.members.length} members`} title="Members" onClick={() => setIsMembersOpen(true)}>
            <Icon name="people" /> {channel.members.length}
          </button>
        )}
        <button type="button" className="button-bare" aria-label="About this page" title="About this page" aria-expanded={isHelpOpen} onClick={() => setIsHelpOpen(!isHelpOpen)}>
          <Icon name="help" />
        </button>
      </PaneHead>
      <MessageList
        key={channel.id}
        label={`Messages in ${isDirect ? app.name : channel.name}`}
        channel={channel.id}
        messages={messages.filter(standsInChannel)}
        threads={threadsIn(messages)}
        onOpenThread={onOpenThread}
        shortcuts={app.shortcuts}
      >
        {read !== undefined && messages.length === 0 && <Welcome channel={channel.id} command={app.commands[0]?.command} />}
      </MessageList>
      {isHelpOpen && messages.length > 0 && <Welcome channel={channel.id} command={app.commands[0]?.command} />}
      <Foot workspace={workspace} channel={channel} history={history} takesFocus={takesFocus} />
      {isMembersOpen && <Members channel={channel} onClose={() => setIsMembersOpen(false)} />}
    </main>
  );
}

function Foot({ workspace, channel, history, takesFocus }: Pick<ChannelViewProps, 'workspace' | 'channel' | 'history' | 'takesFocus'>): ReactElement {
  const { tryTo } = useHands();
  const { app } = workspace;
  if (!channel.isMember) {
    return (
      <div className="pane-foot">
        <span>You are looking at #{channel.name}.</span>
        <button type="button" className="button button-primary" onClick={() => void tryTo({ do: 'join', channel: channel.id })}>
          Join channel
        </button>
      </div>
    );
  }
  if (!channel.canWrite && channel.kind !== 'im') return <div className="pane-foot">{channel.isArchived ? 'This channel is archived.' : 'Nothing can be written here.'}</div>;
  if (!channel.canWrite) return <div className="pane-foot">This app does not take messages. Commands work in any channel.</div>;
  return (
    <>
      {!channel.hasApp && (
        <div className="pane-foot pane-foot-note">
          <span>{app.name} is not in this channel yet.</span>
          <button type="button" className="button" onClick={() => void tryTo({ do: 'invite', channel: channel.id, user: app.userId })}>
            Add {app.name}
          </button>
        </div>
      )}
      <Composer
        key={channel.id}
        channel={channel.id}
        placeholder={channel.kind === 'im' ? `Message ${app.name}` : `Message #${channel.name}`}
        commands={app.commands}
        shortcuts={app.shortcuts.filter(({ type }) => type === 'global')}
        history={history}
        takesFocus={takesFocus}
      />
    </>
  );
}

function channelNote({ kind, isShared, isArchived }: PageChannel): string | undefined {
  const words = [kind === 'private' ? 'Private' : undefined, isShared ? 'Shared with another workspace' : undefined, isArchived ? 'Archived' : undefined];
  return words.filter((word) => word !== undefined).join(' · ') || undefined;
}

/** Tells the sandbox that what came in has been seen. */
function useReadMark({ id, unread }: PageChannel): void {
  const { act } = useHands();
  useEffect(() => {
    if (unread === 0) return undefined;
    const mark = (): void => {
      if (document.visibilityState === 'visible') void act({ do: 'read', channel: id });
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [act, id, unread]);
}
