import type { ClusterState } from '#src/model/scan-record.ts';

/** What takes less is not worth telling apart. */
const SHORTEST_MS = 1000;

/** How long a scan of the whole cluster usually takes: the middle of the last few, so that one slow scan does not set expectations. */
export function usualMs(state: ClusterState | undefined): number | undefined {
  const durations = state?.durationsMs.toSorted((a, b) => a - b) ?? [];
  const middle = durations[Math.floor(durations.length / 2)];
  return middle === undefined ? undefined : Math.max(SHORTEST_MS, middle);
}
