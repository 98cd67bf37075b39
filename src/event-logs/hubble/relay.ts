import { z } from 'zod';
import type { EventPull, RelaySettings } from '#src/model/event-intake.ts';
import type { SourceDeps } from '#src/model/people.ts';
import { lineOf, timeOf } from './lines.ts';
import type { FlowStream } from './stream.ts';

/** Answers of one look, and how long it waits for the first. */
const MOST = 1000;
const WAIT_MS = 1000;
/** Nodes are not read in step: after a break the stream begins so much earlier, and what is read twice counts once by its id. */
const OVERLAP_MS = 5000;
/** Another process reads on when this one has not been asked for so long. */
const IDLE_MS = 60_000;

/** The latest moment that was read, and a number that no two places share. */
const cursorShape = z.strictObject({ atMs: z.int().min(0), count: z.int().min(0) });
type Place = z.output<typeof cursorShape>;

interface Open {
  readonly stream: FlowStream;
  readonly place: Place;
  /** What was said before that of Hubble itself has counted. */
  readonly fromMs: number;
}

/** Follows Hubble Relay. It begins with what happens from now on; after a break, where it was, as far as Hubble still knows. */
export function createRelayPull(settings: RelaySettings, deps: SourceDeps): EventPull {
  let open: Open | undefined;
  let idle: NodeJS.Timeout | undefined;
  const close = () => {
    clearTimeout(idle);
    open?.stream.close();
    open = undefined;
  };
  const at = async (place: Place, signal: AbortSignal): Promise<Open> => {
    if (open?.place.count === place.count && open.place.atMs === place.atMs) return open;
    // What was taken was not kept: it is asked for again.
    close();
    // The library for gRPC takes long to load, and most sites have no relay.
    const { openFlowStream } = await import('./stream.ts');
    open = { place, fromMs: place.atMs, stream: await openFlowStream(settings, place.atMs - OVERLAP_MS, deps) };
    signal.addEventListener('abort', close, { once: true });
    return open;
  };

  return {
    async pull(cursor, signal) {
      if (cursor === undefined) return { text: '', cursor: JSON.stringify({ atMs: deps.clock.now().getTime(), count: 0 }) };
      const place = cursorShape.parse(JSON.parse(cursor));
      clearTimeout(idle);
      try {
        const { stream, fromMs } = await at(place, signal);
        const answers = await stream.take(MOST, WAIT_MS);
        idle = setTimeout(close, IDLE_MS).unref();
        if (answers.length === 0 || signal.aborted) return undefined;
        // A node whose clock is ahead must not move the place to where the others have not come yet.
        const latest = Math.min(deps.clock.now().getTime(), Math.max(...answers.map((answer) => timeOf(answer) ?? 0)));
        const next = { atMs: Math.max(place.atMs, latest), count: place.count + 1 };
        open = { stream, fromMs, place: next };
        const told = answers.filter((answer) => 'flow' in answer || (timeOf(answer) ?? Infinity) > fromMs);
        return { text: told.map(lineOf).join('\n'), cursor: JSON.stringify(next) };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
