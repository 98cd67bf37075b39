import { LIMITS } from '#src/blocks/limits.ts';
import type { Backend } from './backend.ts';
import { secret } from './ids.ts';

/** An address through which the app can answer one command or click. */
export interface ResponseUrl {
  readonly kind: 'command' | 'action';
  readonly user: string;
  readonly channel: string;
  /** The message that was clicked. */
  readonly source: { readonly ts: string; readonly ephemeral: boolean } | undefined;
  readonly expiresAtMs: number;
  usesLeft: number;
  /** The last message that came through it, which is all that a command's answers may touch. */
  produced: { readonly ts: string; readonly ephemeral: boolean } | undefined;
}

export type NewResponseUrl = Pick<ResponseUrl, 'kind' | 'user' | 'channel' | 'source'>;

/** Registers it; the key is the last part of its address. */
export function newResponseUrl(backend: Backend, what: NewResponseUrl): { readonly url: string; readonly key: string } {
  const key = secret();
  backend.responseUrls.set(key, { ...what, expiresAtMs: backend.clock.nowMs() + LIMITS.responseUrl.ms, usesLeft: LIMITS.responseUrl.uses, produced: undefined });
  return { key, url: `${backend.origin()}/${what.kind}s/${backend.team.id}/${key}` };
}
