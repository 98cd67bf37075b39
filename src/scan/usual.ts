import type { ClusterState } from '#src/model/scan-record.ts';

/** How long a scan of the whole cluster usually takes: the middle of the last few, so that one slow scan does not set expectations. */
export function usualMs(state: ClusterState | undefined): number | undefined {
  const durations = state?.durationsMs.toSorted((a, b) => a - b) ?? [];
  return durations[Math.floor(durations.length / 2)];
}
