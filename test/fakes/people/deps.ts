import { SourceFailed, type SecretRef, type SourceDeps } from '#src/model/people.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';

export interface FakeSourceDeps extends SourceDeps {
  readonly clock: MovedClock;
  /** Every wait, in milliseconds. None takes time; each moves the clock. */
  readonly waits: readonly number[];
}

/** Secrets by the variable that holds them. */
export function createSourceDeps(secrets: Readonly<Record<string, string>>): FakeSourceDeps {
  const waits: number[] = [];
  const clock = createMovedClock();
  return {
    clock,
    waits,
    async secret(ref: SecretRef) {
      const secret = 'env' in ref ? secrets[ref.env] : undefined;
      if (secret === undefined) throw new SourceFailed('refused', `${'env' in ref ? ref.env : ref.file} is not set`);
      return secret;
    },
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      clock.advance(ms);
    },
  };
}
