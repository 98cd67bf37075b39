import bolt, { type Receiver } from '@slack/bolt';
import { jest } from '@jest/globals';
import type { Message } from '#src/blocks/build.ts';
import type { Command } from '#src/model/command.ts';
import type { Services } from '#src/model/services.ts';
import type { Buttons, Once, StoredButton } from '#src/model/slack-stores.ts';
import type { ListenerDeps } from '#src/slack/answers.ts';
import { createDispatch } from '#src/slack/dispatch.ts';
import { registerListeners } from '#src/slack/listeners.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

export const ANN = { id: 'U0ANN00001', name: 'ann', username: 'ann', team_id: 'T0OWN00001' };
export const TEAM = { id: 'T0OWN00001', domain: 'own' };

export interface Shown {
  readonly method: 'open' | 'push' | 'update';
  readonly view: { readonly title: { readonly text: string }; readonly blocks: readonly object[]; readonly private_metadata: string; readonly callback_id?: string; readonly submit?: object };
}

export interface Listening {
  /** What Slack sends, until the bot has done all it does about it; gives what was acknowledged. */
  readonly send: (body: object) => Promise<unknown>;
  /** The same without waiting for more than the acknowledgement. */
  readonly acknowledged: (body: object) => Promise<unknown>;
  readonly shown: readonly Shown[];
  /** Private answers by a response address. */
  readonly answers: readonly Message[];
  readonly issued: ReadonlyMap<string, StoredButton>;
}

export interface ListenOptions {
  readonly commands: readonly Command[];
  readonly services?: Partial<Services>;
  readonly once?: Once;
  readonly buttons?: Partial<Buttons>;
  /** Why no modal can be opened. */
  readonly refusesModals?: string;
}

/** The listeners of the bot over stores in memory; everybody may do everything. */
export async function listen({ commands, services = {}, once, buttons = {}, refusesModals }: ListenOptions): Promise<Listening> {
  const [shown, answers, issued, seen] = [[] as Shown[], [] as Message[], new Map<string, StoredButton>(), new Set<string>()];
  const all = { commands, clock: createMovedClock(), log: createKeptLog(), zone: 'UTC', access: { may: () => Promise.resolve({ allowed: true }) }, ...services } as unknown as Services;
  const show = (method: Shown['method']) => ({ view }: { readonly view: Shown['view'] }) => {
    if (refusesModals !== undefined && method !== 'update') return Promise.reject(new Error(refusesModals));
    shown.push({ method, view });
    return Promise.resolve({ view: { id: 'V1' } });
  };
  jest.spyOn(globalThis, 'fetch').mockImplementation((_, init) => {
    if (typeof init?.body === 'string') answers.push(JSON.parse(init.body) as Message);
    return Promise.resolve(new Response('ok'));
  });
  const deps = {
    commands,
    dispatch: createDispatch(all, () => undefined),
    once: once ?? {
      isFirst(id: string) {
        const isFirst = !seen.has(id);
        seen.add(id);
        return Promise.resolve(isFirst);
      },
    },
    buttons: {
      issue(button: StoredButton) {
        const token = `token${String(issued.size).padStart(22, '0')}`;
        issued.set(token, button);
        return Promise.resolve(token);
      },
      resolve: (token: string) => Promise.resolve(issued.get(token)),
      ...buttons,
    },
    rows: { get: () => Promise.resolve(undefined), adopt: () => Promise.resolve() },
    interactive: { views: { open: show('open'), push: show('push'), update: show('update') } },
    log: all.log,
  } as unknown as ListenerDeps;
  const receiver: Receiver = { init: () => undefined, start: () => Promise.resolve(), stop: () => Promise.resolve() };
  const app = new bolt.App({ receiver, deferInitialization: true, authorize: () => Promise.resolve({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'U1', teamId: TEAM.id }) });
  await app.init();
  registerListeners(app, deps);
  const deliver = (body: object): { readonly acknowledgement: Promise<unknown>; readonly done: Promise<void> } => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const ack = (answer?: unknown): Promise<void> => {
      resolve(answer);
      return Promise.resolve();
    };
    return { acknowledgement: promise, done: app.processEvent({ body: { ...body }, ack }) };
  };
  return {
    shown,
    answers,
    issued,
    async send(body) {
      const { acknowledgement, done } = deliver(body);
      await done;
      return acknowledgement;
    },
    acknowledged: (body) => deliver(body).acknowledgement,
  };
}

let count = 0;

function fresh(): string {
  count += 1;
  return `${count}.trigger`;
}

export function typed(text: string): object {
  return { command: '/k8ssec', text, user_id: ANN.id, user_name: ANN.name, team_id: TEAM.id, channel_id: 'C0SECPROD1', response_url: 'https://hooks.example/1', trigger_id: fresh() };
}

export function pressOf(verb: string, token: string): object {
  return {
    type: 'block_actions', user: ANN, team: TEAM, trigger_id: fresh(), response_url: 'https://hooks.example/2', channel: { id: 'C0SECPROD1' },
    container: { type: 'message', message_ts: '1.1', channel_id: 'C0SECPROD1', is_ephemeral: true },
    actions: [{ type: 'button', action_id: `${verb}:1`, block_id: 'b', value: token, action_ts: '1.2' }],
  };
}

export function shortcutOf(callbackId: string): object {
  return { type: 'shortcut', user: ANN, team: TEAM, trigger_id: fresh(), callback_id: callbackId, action_ts: '1.2' };
}

export interface Submitted {
  readonly view: Shown['view'];
  /** By field: what an element says that was used. */
  readonly entered: Readonly<Record<string, object>>;
  readonly user?: typeof ANN;
  readonly hash?: string;
}

export function submissionOf({ view, entered, user = ANN, hash = '1.a' }: Submitted): object {
  return { type: 'view_submission', user, team: TEAM, trigger_id: fresh(), view: { id: 'V1', type: 'modal', hash, callback_id: '', ...view, state: { values: stateOf(entered) } } };
}

export function suggestionOf(view: Shown['view'], field: string, value: string, entered: Readonly<Record<string, object>> = {}): object {
  return { type: 'block_suggestion', user: ANN, team: TEAM, action_id: field, block_id: field, value, container: { type: 'view', view_id: 'V1' }, view: { id: 'V1', type: 'modal', ...view, state: { values: stateOf(entered) } } };
}

function stateOf(entered: Submitted['entered']): object {
  return Object.fromEntries(Object.entries(entered).map(([field, element]) => [field, { [field]: element }]));
}
