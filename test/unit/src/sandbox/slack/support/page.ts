import type { ActionAnswer, ChannelMessages, HomeTab, ModalStack, PageAction, PageEvent, PageMessage, Workspace } from '#src/sandbox/slack/page/contract.ts';
import type { SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { afterTest, workspaceOf } from './slack.ts';

/** The page as one person uses it. */
export interface Page {
  readonly workspace: () => Promise<Workspace>;
  readonly messages: (channel?: string) => Promise<readonly PageMessage[]>;
  readonly home: () => Promise<HomeTab>;
  readonly modals: () => Promise<ModalStack>;
  readonly act: (action: PageAction) => Promise<ActionAnswer>;
}

export function pageOf(slack: SlackSandbox, handle: string): Page {
  const as = workspaceOf(slack).userId(handle);
  const get = async (path: string) => (await fetch(`${slack.pageUrl}sandbox/${path}as=${as}`)).json() as Promise<unknown>;
  return {
    workspace: async () => (await get('workspace?')) as Workspace,
    messages: async (channel = 'sec-prod') => ((await get(`messages?channel=${workspaceOf(slack).channelId(channel)}&`)) as ChannelMessages).messages,
    home: async () => (await get('home?')) as HomeTab,
    modals: async () => (await get('modals?')) as ModalStack,
    act: async (action) => (await (await postAction(slack, as, action)).json()) as ActionAnswer,
  };
}

export function postAction(slack: SlackSandbox, as: string, action: unknown, type = 'application/json'): Promise<Response> {
  return fetch(`${slack.pageUrl}sandbox/act?as=${as}`, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(action) });
}

export interface Events {
  readonly heard: readonly PageEvent[];
  /** Resolves when there is such an event. */
  readonly until: (expected: PageEvent) => Promise<void>;
}

/** Listens as the page does. */
export async function listen(slack: SlackSandbox, handle: string): Promise<Events> {
  const abort = new AbortController();
  const response = await fetch(`${slack.pageUrl}sandbox/events?as=${workspaceOf(slack).userId(handle)}`, { signal: abort.signal });
  const [heard, waiting]: [PageEvent[], (() => void)[]] = [[], []];
  const read = async () => {
    for await (const chunk of response.body ?? []) {
      for (const [, data = ''] of Buffer.from(chunk).toString().matchAll(/^data: (.*)$/gm)) heard.push(JSON.parse(data) as PageEvent);
      for (const again of waiting.splice(0)) again();
    }
  };
  const reading = read().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  afterTest(async () => {
    abort.abort();
    await reading;
  });
  return {
    heard,
    async until(expected) {
      while (!heard.some((event) => JSON.stringify(event) === JSON.stringify(expected))) await new Promise<void>((resolve) => void waiting.push(resolve));
    },
  };
}
