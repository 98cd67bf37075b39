import type { ActionAnswer, ChannelMessages, HomeTab, ModalStack, PageAction, PageEvent, Workspace } from '../../slack/page/contract.ts';
import { isJson, stringIn } from '../json.ts';

/** The sandbox as one person sees it. */
export interface SandboxApi {
  readonly workspace: () => Promise<Workspace>;
  readonly messages: (channel: string) => Promise<ChannelMessages>;
  readonly home: () => Promise<HomeTab>;
  readonly modals: () => Promise<ModalStack>;
  /** Never rejects: that the sandbox does not answer is an answer as well. */
  readonly act: (action: PageAction) => Promise<ActionAnswer>;
  /** Calls back for every event, and with `undefined` when the line is lost; it is connected again by itself. Returns how to stop. */
  readonly listen: (hear: (event: PageEvent | undefined) => void) => () => void;
}

const NO_ANSWER = 'The sandbox does not answer. Is it still running?';
const RECONNECT_MS = 1500;

/** @param as Id of the person; without one the sandbox chooses. */
export function createApi(as?: string): SandboxApi {
  const address = (path: string, parameters: Readonly<Record<string, string>> = {}): string => {
    const query = new URLSearchParams({ ...(as !== undefined && { as }), ...parameters });
    return `/sandbox/${path}${query.size === 0 ? '' : `?${query}`}`;
  };
  return {
    workspace: () => read(address('workspace')),
    messages: (channel) => read(address('messages', { channel })),
    home: () => read(address('home')),
    modals: () => read(address('modals')),
    act: (action) => send(address('act'), action),
    listen: (hear) => listenTo(address('events'), hear),
  };
}

async function read<Answer>(address: string): Promise<Answer> {
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((isJson(body) ? stringIn(body, 'error') : undefined) ?? `The sandbox answered ${response.status}.`);
  return body as Answer;
}

async function send(address: string, action: PageAction): Promise<ActionAnswer> {
  try {
    const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) });
    return (await response.json()) as ActionAnswer;
  } catch {
    return { ok: false, error: NO_ANSWER };
  }
}

function listenTo(address: string, hear: (event: PageEvent | undefined) => void): () => void {
  let retry: ReturnType<typeof setTimeout> | undefined;
  let source = connect();

  function connect(): EventSource {
    const opened = new EventSource(address);
    opened.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as PageEvent);
    opened.onerror = () => {
      hear(undefined);
      // A browser connects again after a lost line, but not after a refusal.
      if (opened.readyState !== EventSource.CLOSED) return;
      retry = setTimeout(() => {
        source = connect();
      }, RECONNECT_MS);
    };
    return opened;
  }

  return () => {
    clearTimeout(retry);
    source.close();
  };
}
