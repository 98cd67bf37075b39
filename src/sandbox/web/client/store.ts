import type { ActionAnswer, ChannelMessages, HomeTab, PageAction, PageEvent, PageView, Workspace } from '../../slack/page/contract.ts';
import type { SandboxApi } from './api.ts';
import { oneAtATime } from './reader.ts';

export interface PageState {
  readonly workspace: Workspace;
  /** How far the sandbox's clock is ahead of the browser's. */
  readonly aheadMs: number;
  /** Channels that have been opened, by id. */
  readonly messages: ReadonlyMap<string, ChannelMessages>;
  /** Absent until it has been asked for. */
  readonly home?: HomeTab;
  /** The last one is on top. */
  readonly modals: readonly PageView[];
  readonly isConnected: boolean;
  /** Why what is shown may be old. */
  readonly fault?: string | undefined;
}

/** All that one person sees, kept current by the sandbox's events. */
export interface Store {
  readonly state: () => PageState;
  readonly subscribe: (told: () => void) => () => void;
  /** Connects. Returns how to stop. */
  readonly start: () => () => void;
  readonly openChannel: (channel: string) => Promise<void>;
  /** Tells the app that its Home tab is looked at, and reads it. */
  readonly openHome: () => Promise<ActionAnswer>;
  readonly act: (action: PageAction) => Promise<ActionAnswer>;
  readonly rereadModals: () => Promise<void>;
}

export function createStore(api: SandboxApi, workspace: Workspace): Store {
  let state: PageState = { workspace, aheadMs: aheadOf(workspace), messages: new Map(), modals: [], isConnected: true };
  const listeners = new Set<() => void>();
  const channelReaders = new Map<string, () => Promise<void>>();
  // Not `state.home`: what is published while the first reading is under way would be missed.
  let isHomeWanted = false;

  function change(changes: Partial<PageState>): void {
    state = { ...state, ...changes };
    for (const told of listeners) told();
  }

  const rereadWorkspace = oneAtATime(async () => {
    const read = await api.workspace();
    change({ workspace: read, aheadMs: aheadOf(read) });
  });
  const rereadHome = oneAtATime(async () => change({ home: await api.home() }));
  const rereadModals = oneAtATime(async () => change({ modals: (await api.modals()).modals }));

  async function readChannel(channel: string): Promise<void> {
    const read = await api.messages(channel);
    change({ messages: new Map(state.messages).set(channel, read) });
  }

  function rereadChannel(channel: string): Promise<void> {
    const reader = channelReaders.get(channel) ?? oneAtATime(() => readChannel(channel));
    channelReaders.set(channel, reader);
    return reader();
  }

  async function rereadAll(): Promise<void> {
    const channels = [...channelReaders.keys()].map(rereadChannel);
    await Promise.all([rereadWorkspace(), rereadModals(), ...channels, ...(isHomeWanted ? [rereadHome()] : [])]);
  }

  async function reread(event: PageEvent): Promise<void> {
    switch (event.about) {
      case 'workspace':
        return rereadWorkspace();
      case 'messages':
        return channelReaders.has(event.channel) ? rereadChannel(event.channel) : undefined;
      case 'home':
        return isHomeWanted ? rereadHome() : undefined;
      case 'modals':
        return rereadModals();
    }
  }

  function start(): () => void {
    let isFresh = true;
    return api.listen((event) => {
      if (event === undefined) {
        isFresh = true;
        change({ isConnected: false });
        return;
      }
      const reading = isFresh ? rereadAll() : reread(event);
      isFresh = false;
      reading.then(
        () => change({ isConnected: true, fault: undefined }),
        (error: unknown) => {
          // The next event reads everything again.
          isFresh = true;
          change({ isConnected: true, fault: error instanceof Error ? error.message : String(error) });
        },
      );
    });
  }

  return {
    state: () => state,
    subscribe: (told) => {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    start,
    openChannel: rereadChannel,
    openHome: async () => {
      isHomeWanted = true;
      const answer = await api.act({ do: 'open-home' });
      await rereadHome();
      return answer;
    },
    act: (action) => api.act(action),
    rereadModals,
  };
}

function aheadOf({ now }: Workspace): number {
  return Date.parse(now) - Date.now();
}
