import { LIMITS } from '#src/blocks/limits.ts';
import type { Backend } from './backend.ts';
import { secret } from './ids.ts';

/** Proof that a person has just done something, to be exchanged once for a modal. */
export interface Trigger {
  readonly user: string;
  readonly expiresAtMs: number;
  /** The modal in which it was pulled; only there more modals can be put on top. */
  readonly viewId: string | undefined;
  exchanged: boolean;
}

export function newTrigger(backend: Backend, user: string, viewId?: string): string {
  const now = backend.clock.nowMs();
  const id = `${now}.${backend.triggers.size + 1}.${secret()}`;
  backend.triggers.set(id, { user, expiresAtMs: now + LIMITS.triggerMs, viewId, exchanged: false });
  return id;
}

/** The trigger, or the error with which Slack refuses it. It stays usable until `spend`. */
export function checkTrigger(backend: Backend, id: string): Trigger | 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' {
  const trigger = backend.triggers.get(id);
  if (trigger === undefined) return 'invalid_trigger_id';
  if (trigger.exchanged) return 'exchanged_trigger_id';
  return backend.clock.nowMs() > trigger.expiresAtMs ? 'expired_trigger_id' : trigger;
}
