import { useEffect, type ReactElement, type ReactNode } from 'react';
import type { PageChannel, PagePerson, Workspace } from '../../slack/page/contract.ts';
import type { RouteView } from '../client/route.ts';
import { Icon } from '../icon.tsx';
import { ChannelName } from './channel-name.tsx';
import { hasHome } from './places.ts';
import { PersonSwitch } from './person-switch.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

interface SidebarProps {
  readonly workspace: Workspace;
  readonly view: RouteView | undefined;
  /** Counts only where the window is too narrow to show it always. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onGo: (view: RouteView) => void;
  readonly onSwitch: (person: PagePerson) => void;
}

export function Sidebar({ workspace, view, isOpen, onClose, onGo, onSwitch }: SidebarProps): ReactElement {
  const { team, app, me, people, channels, directMessage } = workspace;
  useEscape(isOpen, onClose);

  function go(to: RouteView): void {
    onClose();
    onGo(to);
  }

  function entry(channel: PageChannel): ReactElement {
    const isHere = view?.kind === 'channel' && view.name === channel.name;
    return (
      <Entry key={channel.id} isHere={isHere} isQuiet={!channel.isMember || channel.isArchived} unread={isHere ? 0 : channel.unread} onGo={() => go({ kind: 'channel', name: channel.name })}>
        <ChannelName channel={channel} appName={app.name} />
        {channel.hasApp && !channel.isArchived && (
          <span className="entry-app" title={`${app.name} is in this channel`}>
            <Icon name="app" />
            <span className="unseen">, {app.name} is here</span>
          </span>
        )}
      </Entry>
    );
  }

  return (
    <>
      {isOpen && <div className="sidebar-shade" onClick={onClose} />}
      <nav className="sidebar" data-open={isOpen || undefined} aria-label="Channels">
        <div className="sidebar-head">
          <span className="team">{team.name}</span>
          <ThemeSwitch />
          <button type="button" className="button-bare sidebar-close" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        <PersonSwitch me={me} people={people} onSwitch={onSwitch} />
        <div className="sidebar-lists">
          <Entries title="Channels">{channels.filter(({ isMember, isArchived }) => isMember && !isArchived).map(entry)}</Entries>
          <Entries title="App">
            {hasHome(workspace) && (
              <Entry isHere={view?.kind === 'home'} unread={0} onGo={() => go({ kind: 'home' })}>
                <span className="channel-name">
                  <Icon name="home" />
                  <span className="channel-words">Home of {app.name}</span>
                </span>
              </Entry>
            )}
            {directMessage !== undefined && (
              <Entry isHere={view?.kind === 'messages'} unread={view?.kind === 'messages' ? 0 : directMessage.unread} onGo={() => go({ kind: 'messages' })}>
                <ChannelName channel={directMessage} appName={`Messages with ${app.name}`} />
              </Entry>
            )}
          </Entries>
          <Entries title="Other channels">{channels.filter(({ isMember, isArchived }) => !isMember || isArchived).map(entry)}</Entries>
        </div>
        <div className="sidebar-foot">
          <span className="dot" data-on={app.isConnected || undefined} aria-hidden="true" />
          {app.isConnected ? `${app.name} is connected` : `${app.name} is not connected`}
          <span className="sidebar-sandbox">Nothing here leaves this machine</span>
        </div>
      </nav>
    </>
  );
}

function useEscape(isOpen: boolean, onClose: () => void): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    document.addEventListener('keydown', leave);
    return () => document.removeEventListener('keydown', leave);
  }, [isOpen, onClose]);
}

function Entries({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement | null {
  const isEmpty = Array.isArray(children) && children.every((child) => child === undefined || child === false);
  if (isEmpty) return null;
  return (
    <section className="entries">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface EntryProps {
  readonly isHere: boolean;
  readonly isQuiet?: boolean;
  readonly unread: number;
  readonly onGo: () => void;
  readonly children: ReactNode;
}

function Entry({ isHere, isQuiet = false, unread, onGo, children }: EntryProps): ReactElement {
  return (
    <li>
      <button type="button" className="entry" aria-current={isHere ? 'page' : undefined} data-quiet={isQuiet || undefined} data-unread={unread > 0 || undefined} onClick={onGo}>
        {children}
        {unread > 0 && (
          <span className="entry-unread">
            {unread > 99 ? '99+' : unread}
            <span className="unseen"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}
