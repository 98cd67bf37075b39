import { useCallback, useEffect, useState, type ReactElement } from 'react';
import type { PagePerson, Workspace } from '../slack/page/contract.ts';
import { createApi } from './client/api.ts';
import { recall, remember } from './client/memory.ts';
import { routeHash, useRoute } from './client/route.ts';
import { ThemeProvider } from './client/theme.tsx';
import { Session } from './shell/session.tsx';

const RETRY_MS = 1500;

export function App(): ReactElement {
  const route = useRoute();
  const handle = route.person ?? recall('person');
  const { workspace, fault } = useWorkspaceOf(handle);

  useEffect(() => {
    if (workspace !== undefined) remember('person', workspace.me.handle);
  }, [workspace]);

  const change = useCallback((person: PagePerson) => {
    // Where the other person may not look, the session begins somewhere else.
    location.assign(route.view === undefined ? `#/${encodeURIComponent(person.handle)}` : routeHash(person.handle, route.view));
  }, [route.view]);

  return (
    <ThemeProvider>
      {workspace === undefined ? (
        <p className="starting" role="status">
          {fault ?? 'Opening the sandbox…'}
        </p>
      ) : (
        <Session key={workspace.me.id} workspace={workspace} routeView={route.view} onSwitch={change} />
      )}
    </ThemeProvider>
  );
}

interface Opened {
  readonly workspace?: Workspace;
  /** For which handle it was opened. */
  readonly handle?: string | undefined;
  readonly fault?: string;
}

/** The workspace as the person with this handle sees it. The one seen before stays until the next is there, so nothing flickers. */
function useWorkspaceOf(handle: string | undefined): Opened {
  const [opened, setOpened] = useState<Opened>({});
  const { workspace: shown } = opened;
  const isOpen = shown !== undefined && (handle === opened.handle || handle === shown.me.handle);

  useEffect(() => {
    if (isOpen) return undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    function open(): void {
      workspaceOf(handle).then(
        (workspace) => isOver || setOpened({ workspace, handle }),
        () => {
          if (isOver) return;
          setOpened((before) => ({ ...before, fault: 'The sandbox does not answer. Trying again…' }));
          retry = setTimeout(open, RETRY_MS);
        },
      );
    }
    open();
    return () => {
      isOver = true;
      clearTimeout(retry);
    };
  }, [handle, isOpen]);

  return opened;
}

async function workspaceOf(handle: string | undefined): Promise<Workspace> {
  const first = await createApi().workspace();
  const person = first.people.find((candidate) => candidate.handle === handle && candidate.canAct);
  return person === undefined || person.id === first.me.id ? first : createApi(person.id).workspace();
}
