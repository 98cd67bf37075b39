import { useCallback, useEffect, useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import type { PagePerson, Workspace } from '../../slack/page/contract.ts';
import { createApi } from '../client/api.ts';
import { routeHash, type RouteView } from '../client/route.ts';
import { createStore, type Store } from '../client/store.ts';
import { Modal } from '../dialogs/modal.tsx';
import { Icon } from '../icon.tsx';
import { HandsProvider, type Hands } from '../surface.tsx';
import { WorldProvider } from '../world.tsx';
import { useConfirming } from './confirming.tsx';
import { Panes } from './panes.tsx';
import { viewFor } from './places.ts';
import { Sidebar } from './sidebar.tsx';
import { Toasts, useToaster } from './toasts.tsx';
import { useNow } from './use-now.ts';

interface SessionProps {
  /** As it was read last; the session keeps it current. */
  readonly workspace: Workspace;
  readonly routeView: RouteView | undefined;
  readonly onSwitch: (person: PagePerson) => void;
}

/** The page of one person. */
export function Session({ workspace: first, routeView, onSwitch }: SessionProps): ReactElement {
  const store = useMemo(() => createStore(createApi(first.me.id), first), [first]);
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { workspace } = state;
  const { toasts, tell, remove } = useToaster();
  const [confirm, question] = useConfirming();
  const hands = useHandsOf(store, tell, confirm);
  const [isSidebarOpen, setIsSidebarOpen] = useState(false);
  const openSidebar = useCallback(() => setIsSidebarOpen(true), []);
  const closeSidebar = useCallback(() => setIsSidebarOpen(false), []);
  const go = useCallback((to: RouteView) => location.assign(routeHash(first.me.handle, to)), [first.me.handle]);
  const nowMs = useNow(state.aheadMs);
  const view = viewFor(workspace, routeView);
  const modal = state.modals.at(-1);
  const openChannel = useCallback(
    (id: string) => {
      const channel = workspace.channels.find((candidate) => candidate.id === id);
      if (channel !== undefined) go({ kind: 'channel', name: channel.name });
    },
    [workspace.channels, go],
  );

  useEffect(() => store.start(), [store]);

  return (
    <WorldProvider workspace={workspace} nowMs={nowMs} openChannel={openChannel}>
      <HandsProvider value={hands}>
        <div className="page" data-thread={(view !== undefined && view.kind !== 'home' && view.thread !== undefined) || undefined}>
          <Sidebar workspace={workspace} view={view} isOpen={isSidebarOpen} onClose={closeSidebar} onGo={go} onSwitch={onSwitch} />
          <Panes store={store} state={state} view={view} tell={tell} onGo={go} onOpenSidebar={openSidebar} />
          <LineState isConnected={state.isConnected} fault={state.fault} />
        </div>
        {modal !== undefined && <Modal key={modal.id} view={modal} below={state.modals.length - 1} appName={workspace.app.name} reread={store.rereadModals} />}
        {question}
        <Toasts toasts={toasts} remove={remove} />
      </HandsProvider>
    </WorldProvider>
  );
}

function useHandsOf({ act }: Store, tell: (text: string) => void, confirm: Hands['confirm']): Hands {
  return useMemo(
    () => ({
      act,
      tryTo: async (action) => {
        const answer = await act(action);
        if (!answer.ok) tell(answer.error);
        return answer.ok;
      },
      confirm,
    }),
    [act, tell, confirm],
  );
}

function LineState({ isConnected, fault }: { readonly isConnected: boolean; readonly fault: string | undefined }): ReactElement | null {
  if (isConnected && fault === undefined) return null;
  return (
    <div className="line-state" role="status">
      <Icon name="warning" /> {isConnected ? `Not all could be read: ${fault}` : 'The line to the sandbox is lost. Trying again…'}
    </div>
  );
}
