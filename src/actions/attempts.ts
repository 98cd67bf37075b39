import { ChangeFailed, type ChangeFault, type OpenCluster, type WriteOptions } from '#src/model/clusters.ts';
import type { ChangeResult, ObjectAddress } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';

/** Looks at the object before giving up, in all. */
const TRIES = 5;
/** After these the object is looked at again: it is another than it was, or may be. */
const REREAD: readonly ChangeFault[] = ['conflict', 'exists', 'gone', 'unknown'];

/** One write; gives the object as it is afterwards, or nothing where that has to be asked for. */
export type Write = (options: WriteOptions) => Promise<RawObject | undefined>;

/** What is to be done about an object as it is now: nothing more, or one write. */
export type NextStep = ChangeResult | Write;

/**
 * Looks at an object and writes, until it is decided that nothing more is to be done. Every write is tried in a dry run first, and holds
 * only for the object as it was looked at. After a write whose answer is lost the object is looked at again, so that nothing is done twice.
 */
export async function settle(
  cluster: OpenCluster,
  address: ObjectAddress,
  failure: 'failed' | 'not-taken-back',
  decide: (now: RawObject | undefined) => NextStep | Promise<NextStep>,
  signal: AbortSignal,
): Promise<ChangeResult> {
  /** The last write's outcome is not known. */
  let lost: string | undefined;
  let problem = 'it is changed again and again by somebody else';
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    signal.throwIfAborted();
    try {
      const next = await decide(await cluster.get(address, signal));
      if (typeof next !== 'function') return next;
      lost = undefined;
      await next({ dryRun: true });
      const after = await next({});
      const ended = await decide(after ?? (await cluster.get(address, signal)));
      if (typeof ended !== 'function') return ended;
    } catch (error) {
      if (!(error instanceof ChangeFailed)) throw error;
      if (error.fault === 'unknown') lost = error.message;
      problem = error.message;
      if (!REREAD.includes(error.fault)) break;
    }
  }
  return { state: failure, problem: lost ?? problem, ...(lost !== undefined && failure === 'failed' && { uncertain: true }) };
}
