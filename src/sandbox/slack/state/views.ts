import type { Json } from '#src/blocks/rules.ts';
import { isObject } from '#src/blocks/rules.ts';
import { nextTs, type Backend } from './backend.ts';
import { withIds } from './messages.ts';

/** What a person has entered, by block and action id, as Slack reports it. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export interface StoredView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  /** The person who sees it. */
  readonly user: string;
  /** As the app gave it, with ids filled in. */
  content: Json;
  hash: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  /** Only what differs from the initial values of its elements. */
  entered: ViewState;
  /** Messages below inputs, by block id, from the app's last answer. */
  errors: Readonly<Record<string, string>>;
}

/** Stores a new view, as the root of a stack or on top of `previous`. */
export function newView(backend: Backend, user: string, type: StoredView['type'], content: Json, previous?: StoredView): StoredView {
  const id = backend.newId('V');
  const view: StoredView = {
    id,
    type,
    user,
    content: withBlockIds(backend, content),
    hash: newHash(backend),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id,
    entered: {},
    errors: {},
  };
  backend.views.set(id, view);
  return view;
}

/** New content in place of the old; what was entered stays where block and action ids are the same. */
export function replaceView(backend: Backend, view: StoredView, content: Json): void {
  view.content = withBlockIds(backend, content);
  view.hash = newHash(backend);
  view.errors = {};
  tellOf(backend, view);
}

/** The modal that a person sees. */
export function topView(backend: Backend, user: string): StoredView | undefined {
  const id = backend.stacks.get(user)?.at(-1);
  return id === undefined ? undefined : backend.views.get(id);
}

export function homeOf(backend: Backend, user: string): StoredView | undefined {
  const id = backend.homes.get(user);
  return id === undefined ? undefined : backend.views.get(id);
}

export function openStack(backend: Backend, view: StoredView): void {
  clearStack(backend, view.user);
  backend.stacks.set(view.user, [view.id]);
  tellOf(backend, view);
}

export function pushOnStack(backend: Backend, view: StoredView): void {
  backend.stacks.set(view.user, [...(backend.stacks.get(view.user) ?? []), view.id]);
  tellOf(backend, view);
}

/** Closes one modal; those below and above it stay. */
export function removeFromStack(backend: Backend, { id, user }: StoredView): void {
  const stack = backend.stacks.get(user) ?? [];
  backend.views.delete(id);
  backend.stacks.set(
    user,
    stack.filter((other) => other !== id),
  );
  backend.changes.tell({ about: 'view', user });
}

export function clearStack(backend: Backend, user: string): void {
  for (const id of backend.stacks.get(user) ?? []) backend.views.delete(id);
  backend.stacks.set(user, []);
  backend.changes.tell({ about: 'view', user });
}

/** Whether another open view carries this external id. */
export function isExternalIdTaken(backend: Backend, externalId: unknown, except?: StoredView): boolean {
  if (typeof externalId !== 'string' || externalId === '') return false;
  return [...backend.views.values()].some((view) => view !== except && view.content.external_id === externalId);
}

export function tellOf(backend: Backend, view: StoredView): void {
  backend.changes.tell({ about: view.type === 'home' ? 'home' : 'view', user: view.user });
}

/** A view as the Web API and payloads show it. `state` is what the person has entered. */
export function viewJson(backend: Backend, view: StoredView, state: ViewState): Record<string, unknown> {
  const { content } = view;
  return {
    id: view.id,
    team_id: backend.team.id,
    type: view.type,
    blocks: content.blocks,
    private_metadata: content.private_metadata ?? '',
    callback_id: content.callback_id ?? '',
    state: { values: state },
    hash: view.hash,
    title: content.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    close: content.close ?? null,
    submit: content.submit ?? null,
    clear_on_close: content.clear_on_close ?? false,
    notify_on_close: content.notify_on_close ?? false,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: backend.app.id,
    external_id: content.external_id ?? '',
    app_installed_team_id: backend.team.id,
    bot_id: backend.app.botId,
  };
}

function withBlockIds(backend: Backend, content: Json): Json {
  return { ...content, blocks: withIds(backend, Array.isArray(content.blocks) ? content.blocks.filter(isObject) : []) };
}

function newHash(backend: Backend): string {
  return `${nextTs(backend)}.${backend.newId('').slice(0, 8)}`;
}
