import type { PageChannel, Workspace } from '../../slack/page/contract.ts';
import type { RouteView } from '../client/route.ts';

/** The channel that is looked at; undefined for the Home tab and for what the person cannot open. */
export function channelAt({ channels, directMessage }: Workspace, view: RouteView): PageChannel | undefined {
  if (view.kind === 'messages') return directMessage;
  return view.kind === 'channel' ? channels.find(({ name }) => name === view.name) : undefined;
}

/** What is looked at: what was asked for if the person may, else where they begin. */
export function viewFor(workspace: Workspace, asked: RouteView | undefined): RouteView | undefined {
  if (asked?.kind === 'home' && hasHome(workspace)) return asked;
  return asked !== undefined && channelAt(workspace, asked) !== undefined ? asked : firstView(workspace);
}

/** People of another workspace have no Home tab of the app. */
export function hasHome({ app, directMessage }: Workspace): boolean {
  return app.hasHome && directMessage !== undefined;
}

/** Where a person begins: where the app is and they can write, else where they can write, else anywhere. */
function firstView({ channels, directMessage }: Workspace): RouteView | undefined {
  const best = channels.find(({ hasApp, canWrite }) => hasApp && canWrite) ?? channels.find(({ canWrite }) => canWrite) ?? channels[0];
  if (best !== undefined) return { kind: 'channel', name: best.name };
  return directMessage && { kind: 'messages' };
}

export function titleOf(workspace: Workspace, view: RouteView): string {
  if (view.kind === 'home') return `Home of ${workspace.app.name}`;
  return view.kind === 'messages' ? workspace.app.name : `#${view.name}`;
}
