import { afterEach } from '@jest/globals';
import type { SlackSandboxOptions } from '#src/sandbox/slack/assembly.ts';
import type { WorkspaceControl } from '#src/sandbox/slack/control/workspace.ts';
import { startSlackSandbox, type SlackSandbox } from '#src/sandbox/slack/sandbox.ts';
import { manifestOf } from './manifest.ts';

export type Json = Readonly<Record<string, unknown>>;

export const START = new Date('2026-11-23T09:00:00Z');

const closers: (() => Promise<void> | void)[] = [];

/** Runs after the test, the last one first. */
export function afterTest(close: () => Promise<void> | void): void {
  closers.push(close);
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A stand-in whose clock stands still and whose rates are not limited, for one test. */
export async function startSlack(options: Partial<SlackSandboxOptions> & { readonly rates?: boolean } = {}): Promise<SlackSandbox> {
  const { rates = false, ...others } = options;
  const sandbox = await startSlackSandbox({ manifest: manifestOf(), clock: 'manual', startsAt: START, ...others });
  sandbox.control.rates.enabled = rates;
  afterTest(() => sandbox.stop());
  return sandbox;
}

export function workspaceOf({ control }: SlackSandbox): WorkspaceControl {
  return control.workspace;
}

export interface CallOptions {
  /** The bot token, if it is not given. */
  readonly token?: string;
  /** Arguments as a JSON body instead of a form. */
  readonly json?: boolean;
}

/** Calls a method as an app does. */
export async function call(sandbox: SlackSandbox, method: string, args: Json = {}, options: CallOptions = {}): Promise<Json> {
  return (await (await request(sandbox, method, args, options)).json()) as Json;
}

export async function request(sandbox: SlackSandbox, method: string, args: Json = {}, { token = sandbox.botToken, json = false }: CallOptions = {}): Promise<Response> {
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return fetch(`${sandbox.apiUrl}${method}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': type }, body: json ? JSON.stringify(args) : formOf(args) });
}

export function formOf(args: Json): URLSearchParams {
  return new URLSearchParams(Object.entries(args).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

/** The error of a refused call, and `ok` for one that was not. */
export function errorOf(answer: Json): unknown {
  return answer.ok === true ? 'ok' : answer.error;
}

/** One of a list, the first if no index is given. @throws when there is none. */
export function one<T>(items: readonly T[], index = 0): T {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index} of ${items.length}`);
  return item;
}

/** Posts and gives back the message's ts. */
export async function post(sandbox: SlackSandbox, channel: string, args: Json = { text: 'Hello' }): Promise<string> {
  const answer = await call(sandbox, 'chat.postMessage', { channel, ...args });
  if (answer.ok !== true) throw new Error(`not posted: ${String(answer.error)}`);
  return String(answer.ts);
}

export function plain(text: string): Json {
  return { type: 'plain_text', text };
}

export function section(text: string): Json {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

export function button(text: string, override: Json = {}): Json {
  return { type: 'button', text: plain(text), action_id: text.toLowerCase(), ...override };
}

export function actions(...elements: readonly Json[]): Json {
  return { type: 'actions', block_id: 'actions', elements };
}

export function input(id: string, element: Json, override: Json = {}): Json {
  return { type: 'input', block_id: id, label: plain(id), element: { action_id: id, ...element }, ...override };
}

export function modal(...blocks: readonly Json[]): Json {
  return { type: 'modal', callback_id: 'form', title: plain('Form'), submit: plain('Send'), close: plain('Cancel'), blocks };
}

export function home(...blocks: readonly Json[]): Json {
  return { type: 'home', blocks };
}
