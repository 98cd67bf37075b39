import type { z } from 'zod';
import type { Services } from './services.ts';

export interface JobRun {
  /** Aborted at the timeout (reason `TimeoutError`) and when the process stops (reason `HandBack`). */
  readonly signal: AbortSignal;
  /** From 1; grows with every beginning, also after a worker died. */
  readonly attempt: number;
  /** No further attempt follows this one. */
  readonly last: boolean;
}

/** Something that runs without a person. */
export interface Job<Payload = unknown> {
  /** Verb and noun. Renaming it orphans jobs still queued under the old name; they are logged and completed. */
  readonly name: string;
  readonly summary: string;
  /** Parsed when queued and when run. */
  readonly payload: z.ZodType<Payload>;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
  /** `scan` takes the configured limit of a scan. */
  readonly timeoutMs: number | 'scan';
  /** May be repeated from its beginning at any point without a second effect; says how. */
  readonly repeat: string;
  // Methods, so that jobs of different payloads fit into one list; the payload is parsed before either is called.
  run(payload: Payload, services: Services, run: JobRun): Promise<void>;
  /** Called once when no attempt is left, also when the worker died in every one. */
  onGivenUp?(payload: Payload, services: Services, reason: string): Promise<void>;
}

export function defineJob<Payload>(job: Job<Payload>): Job<Payload> {
  return job;
}

/** Throw to end a job for good: another attempt would fail alike. */
export class Permanent extends Error {}

/** Throw when the process is to stop: another one goes on, and the attempt does not count. */
export class HandBack extends Error {}

/** A job with what it is to do. */
export interface QueuedJob<Payload = unknown> {
  readonly job: Job<Payload>;
  readonly payload: Payload;
  /** Adding the same id again while the job is remembered does nothing. Holds no colon and is no number. */
  readonly id: string;
  /** Begins so much later. */
  readonly delayMs?: number;
  /** It is remembered until it ends and no longer, so that its id can be added again then. */
  readonly forget?: true;
  /** Added again while it runs, it runs once more after that: what it is about has changed meanwhile. `isPending` does not know it. */
  readonly follow?: true;
}

export interface Queue {
  readonly add: <Payload>(queued: QueuedJob<Payload>) => Promise<void>;
  /** A parent that runs when all children have ended, failed ones included. */
  readonly addFlow: (parent: QueuedJob, children: readonly QueuedJob[]) => Promise<void>;
  /** Still to be run, running, or waiting for a further attempt. */
  readonly isPending: (id: string) => Promise<boolean>;
  readonly counts: () => Promise<QueueCounts>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}
