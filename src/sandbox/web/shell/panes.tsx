import { useCallback, useEffect, useMemo, type ReactElement } from 'react';
import type { RouteView } from '../client/route.ts';
import type { PageState, Store } from '../client/store.ts';
import { ChannelView } from './channel-view.tsx';
import { HomeView } from './home-view.tsx';
import { createLineHistory } from './line-history.ts';
import { channelAt, titleOf } from './places.ts';
import { ThreadPanel } from './thread-panel.tsx';

interface PanesProps {
  readonly store: Store;
  readonly state: PageState;
  /** Undefined if there is nothing that the person can open. */
  readonly view: RouteView | undefined;
  readonly tell: (text: string) => void;
  readonly onGo: (view: RouteView) => void;
  readonly onOpenSidebar: () => void;
}

/** What is looked at: a channel with or without a thread beside it, or the Home tab. */
export function Panes({ store, state, view, tell, onGo, onOpenSidebar }: PanesProps): ReactElement {
  const { workspace, messages } = state;
  const history = useMemo(createLineHistory, []);
  const channel = view && channelAt(workspace, view);
  const title = view === undefined ? '' : titleOf(workspace, view);
  // On a phone the keyboard would cover half of what is to be read.
  const takesFocus = useMemo(() => matchMedia('(hover: hover)').matches, []);
  const thread = view === undefined || view.kind === 'home' ? undefined : view.thread;
  const closeThread = useCallback(() => {
    if (view !== undefined && view.kind !== 'home') onGo(view.kind === 'channel' ? { kind: 'channel', name: view.name } : { kind: 'messages' });
  }, [view, onGo]);

  useReading(store, view?.kind === 'home' ? 'home' : channel?.id, tell);
  useEffect(() => {
    document.title = [title, workspace.team.name].filter((part) => part !== '').join(' · ');
  }, [title, workspace.team.name]);

  if (view?.kind === 'home') return <HomeView app={workspace.app} home={state.home} onOpenSidebar={onOpenSidebar} />;
  if (view === undefined || channel === undefined) return <main className="pane pane-empty">There is no channel that {workspace.me.realName} can open.</main>;
  const read = messages.get(channel.id);
  const shared = { channel, history };
  return (
    <>
      <ChannelView {...shared} workspace={workspace} read={read} takesFocus={takesFocus && thread === undefined} onOpenThread={(ts) => onGo({ ...view, thread: ts })} onOpenSidebar={onOpenSidebar} />
      {thread !== undefined && (
        <ThreadPanel {...shared} channelName={title} thread={thread} messages={read?.messages ?? []} shortcuts={workspace.app.shortcuts} takesFocus={takesFocus} onClose={closeThread} />
      )}
    </>
  );
}

/** Reads what has come into view. */
function useReading(store: Store, place: string | undefined, tell: (text: string) => void): void {
  useEffect(() => {
    if (place === undefined) return;
    const fail = (error: unknown): void => tell(error instanceof Error ? error.message : String(error));
    if (place === 'home') store.openHome().then((answer) => answer.ok || tell(answer.error), fail);
    else store.openChannel(place).catch(fail);
  }, [store, place, tell]);
}
