import { request } from 'node:https';
import type { KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { send, targetOf } from './conformance/run.ts';
import type { Step } from './conformance/scenario.ts';

export interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON, or text where the answer is none. */
  readonly body: unknown;
}

/** Asks the stand-in as one of its users. */
export type Ask = (step: Omit<Step, 'name' | 'method'> & { readonly method?: string }) => Promise<Reply>;

export function askAs(sandbox: KubeSandbox, user = 'admin'): Ask {
  const target = targetOf(sandbox.kubeconfig(user));
  return async (step) => {
    const { code, headers, text } = await send(target, { name: step.path, ...step });
    return { code, headers, body: parsed(text) };
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Objects that are as small as the server lets them be. */
export function aPod(name: string, namespace = 'default', more: { readonly metadata?: object; readonly spec?: object; readonly status?: object } = {}): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...more.metadata },
    spec: { containers: [{ name: 'web', image: 'nginx' }], ...more.spec },
    ...(more.status && { status: more.status }),
  };
}

export function aConfigMap(name: string, namespace = 'default', metadata: object = {}): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata }, data: { name } };
}

export function aNamespace(name: string): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A watch whose events arrive one by one. */
export interface Watch {
  /** The next event, as soon as there is one. Undefined when the server ended the watch. */
  readonly next: () => Promise<{ readonly type: string; readonly object: Record<string, unknown> } | undefined>;
  readonly stop: () => void;
}

export function watchAs(sandbox: KubeSandbox, path: string, user = 'admin'): Watch {
  const lines: string[] = [];
  let waiting: (() => void) | undefined;
  let isOver = false;
  let rest = '';
  const wake = (): void => {
    waiting?.();
    waiting = undefined;
  };
  const sent = request(new URL(path, sandbox.url), { agent: false, ca: sandbox.ca, headers: { authorization: `Bearer ${sandbox.tokenOf(user)}` } }, (response) => {
    response.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      wake();
    });
    response.on('close', () => {
      isOver = true;
      wake();
    });
  });
  // A stopped watch is a broken request; nothing is wrong with that.
  sent.on('error', () => {
    isOver = true;
    wake();
  });
  sent.end();
  return {
    async next() {
      while (lines.length === 0 && !isOver) await new Promise<void>((resolve) => (waiting = resolve));
      const line = lines.shift();
      return line === undefined ? undefined : (JSON.parse(line) as { type: string; object: Record<string, unknown> });
    },
    stop: () => void sent.destroy(),
  };
}
