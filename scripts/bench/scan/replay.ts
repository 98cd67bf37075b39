import { once } from 'node:events';
import type { Kind } from '#src/model/kinds.ts';
import { startChild } from '../child.ts';
import { BenchFault } from '../harness.ts';

export interface ReplayInput {
  /** The most that can be asked for. */
  readonly pods: number;
  readonly seed: number;
}

/** `fast` as the machine allows, `paced` as an API server writes lists, `expiring` with page tokens that expire on the way. */
export type Pace = 'fast' | 'paced' | 'expiring';

/** What a reader asked for since it was last looked at. */
export interface Counts {
  /** Requests and the last limit, by kind. */
  readonly lists: Readonly<Partial<Record<Kind, number>>>;
  readonly limits: Readonly<Partial<Record<Kind, number>>>;
  readonly mostInFlight: number;
  /** Lists without a limit. */
  readonly unbounded: number;
  /** Requests for anything else than lists, the version and the groups. */
  readonly others: number;
}

export const NO_COUNTS: Counts = { lists: {}, limits: {}, mostInFlight: 0, unbounded: 0, others: 0 };

export interface Ready {
  readonly port: number;
  readonly ca: string;
}

/** Where a reader reads from. */
export interface Address {
  readonly url: string;
  readonly ca: string;
}

export interface Replay {
  readonly at: (pace: Pace, pods: number) => Address;
  readonly takeCounts: () => Promise<Counts>;
  readonly stop: () => Promise<void>;
}

/** Starts the server and waits until it has encoded everything. */
export async function startReplay(input: ReplayInput): Promise<Replay> {
  const child = startChild(new URL('replay-server.ts', import.meta.url), input, 'sources');
  const message = async () => {
    const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new BenchFault('the replay server ended')))])) as unknown[];
    return first;
  };
  const { port, ca } = (await message()) as Ready;
  return {
    at: (pace, pods) => ({ url: `https://127.0.0.1:${port}/${pace}-${pods}`, ca }),
    async takeCounts() {
      const answer = message();
      child.send('counts');
      return (await answer) as Counts;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
