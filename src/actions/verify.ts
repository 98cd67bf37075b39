import { setTimeout as wait } from 'node:timers/promises';
import { ChangeFailed, ClusterUnreachable, type OpenCluster } from '#src/model/clusters.ts';
import type { Proof, Verification } from '#src/model/plan.ts';
import { proofWords } from './proof-words.ts';

/** An API server takes a moment to hear of its own changes, so what is otherwise than expected is asked again after these. */
const PAUSES_MS: readonly number[] = [250, 500, 500, 750];

interface Asked {
  readonly proof: Proof;
  readonly outcome: 'expected' | 'failure' | 'unknown';
  readonly reason: string;
}

/** Waits so many milliseconds. */
type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
type Opener = (cluster: string) => Promise<OpenCluster>;

/**
 * Asks the API servers whether the proofs of a plan hold. Clusters that are opened are closed again.
 *
 * @throws the signal's reason alone; what cannot be asked is unknown.
 */
export async function verify(proofs: readonly Proof[], open: Opener, now: Date, signal: AbortSignal, pause: Pause = pauseFor): Promise<Verification> {
  const opened = new Map<string, Promise<OpenCluster>>();
  const opener: Opener = (name) => {
    const cluster = opened.get(name) ?? open(name);
    opened.set(name, cluster);
    return cluster;
  };
  try {
    const asked = await askAgain(proofs, opener, signal, pause);
    const words = proofWords(proofs);
    const say = (outcome: 'failure' | 'unknown'): readonly string[] => [...new Set(asked.filter((one) => one.outcome === outcome).map(({ proof, reason }) => words[outcome](proof, reason)))];
    return { at: now.toISOString(), failures: say('failure'), unknown: say('unknown') };
  } finally {
    // One that could not be opened is among the unknown, and there is nothing to close.
    await Promise.all([...opened.values()].map((cluster) => cluster.then(({ close }) => close(), () => undefined)));
  }
}

async function askAgain(proofs: readonly Proof[], open: Opener, signal: AbortSignal, pause: Pause): Promise<readonly Asked[]> {
  let asked = await Promise.all(proofs.map((proof) => ask(proof, open, signal)));
  for (const pauseMs of PAUSES_MS) {
    if (asked.every(({ outcome }) => outcome === 'expected')) break;
    await pause(pauseMs, signal);
    asked = await Promise.all(asked.map(async (one) => (one.outcome === 'expected' ? one : ask(one.proof, open, signal))));
  }
  return asked;
}

async function ask(proof: Proof, open: Opener, signal: AbortSignal): Promise<Asked> {
  signal.throwIfAborted();
  try {
    const { allowed, reason } = await (await open(proof.question.cluster)).may(proof.question, signal);
    return { proof, outcome: allowed === (proof.expect === 'allowed') ? 'expected' : 'failure', reason };
  } catch (error) {
    if (!(error instanceof ChangeFailed || error instanceof ClusterUnreachable)) throw error;
    return { proof, outcome: 'unknown', reason: error.message };
  }
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
