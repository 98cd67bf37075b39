import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { BlockJson, EnteredValues, Workspace } from '#src/sandbox/slack/page/contract.ts';
import { Blocks } from '#src/sandbox/web/blocks/block.tsx';
import { SurfaceProvider, type Surface } from '#src/sandbox/web/surface.tsx';
import { WorldProvider } from '#src/sandbox/web/world.tsx';

/** A small workspace as Ann sees it, on 23 November 2026 at 10:00 in Paris. */
export const WORKSPACE: Workspace = {
  team: { id: 'T1', name: 'Sandbox' },
  app: { id: 'A1', name: 'k8ssec', userId: 'UAPP', isConnected: true, isInstalled: true, hasHome: true, commands: [], shortcuts: [] },
  me: { id: 'UANN', handle: 'ann', realName: 'Ann Operator', sort: 'member', isDeactivated: false, canAct: true, timeZone: 'Europe/Paris' },
  people: [
    { id: 'UANN', handle: 'ann', realName: 'Ann Operator', sort: 'member', isDeactivated: false, canAct: true, timeZone: 'Europe/Paris' },
    { id: 'UBO', handle: 'bo', realName: 'Bo Approver', sort: 'member', isDeactivated: false, canAct: true, timeZone: 'Europe/Paris' },
    { id: 'UAPP', handle: 'k8ssec', realName: 'k8ssec', sort: 'bot', isDeactivated: false, canAct: false, timeZone: 'Europe/Paris' },
  ],
  groups: [{ id: 'SAPPR', handle: 'sec-approvers', name: 'Security approvers', members: ['UBO'] }],
  channels: [
    { id: 'CPROD', name: 'sec-prod', kind: 'public', isArchived: false, isShared: false, isMember: true, hasApp: true, canWrite: true, members: ['UANN', 'UBO', 'UAPP'], unread: 0 },
    { id: 'CPRIV', name: 'sec-private', kind: 'private', isArchived: false, isShared: false, isMember: true, hasApp: true, canWrite: true, members: ['UANN'], unread: 0 },
  ],
  directMessage: { id: 'DAPP', name: '', kind: 'im', isArchived: false, isShared: false, isMember: true, hasApp: true, canWrite: true, members: ['UANN', 'UAPP'], unread: 0 },
  now: '2026-11-23T09:00:00.000Z',
};

/** HTML of something, as Ann sees it. */
export function html(element: ReactElement, surface: Partial<Surface> = {}): string {
  return renderToStaticMarkup(
    <WorldProvider workspace={WORKSPACE} nowMs={Date.parse(WORKSPACE.now)} openChannel={() => undefined}>
      <SurfaceProvider surface={{ place: { in: 'message', channel: 'CPROD', ts: '1.0', isEphemeral: false }, values: {}, errors: {}, pictures: [], isBusy: false, ...surface }}>
        {element}
      </SurfaceProvider>
    </WorldProvider>,
  );
}

export function blocksHtml(blocks: readonly BlockJson[], surface: Partial<Surface> = {}): string {
  return html(<Blocks blocks={blocks} />, surface);
}

/** One element in an actions block, with what it holds. */
export function elementHtml(element: BlockJson, value: BlockJson = {}, surface: Partial<Surface> = {}): string {
  const values: EnteredValues = { b: { a: value } };
  return blocksHtml([{ type: 'actions', block_id: 'b', elements: [{ action_id: 'a', ...element }] }], { values, ...surface });
}

/** What a person reads of some HTML. */
export function words(markup: string): string {
  return markup
    .replaceAll(/<br\/>|<\/(?:div|li|p|h3|tr|pre)>/g, '\n')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/[ \n]+/g, ' ')
    .trim();
}
