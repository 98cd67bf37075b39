import { connectionText, workloadText } from '#src/model/connection-words.ts';
import type { Detected } from '#src/events/detect.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import { MOST_OF_WORKLOAD, type Sighting } from '#src/model/connection.ts';
import { connectionAlarm } from './connection-alarm.ts';

/** What is told when a workload has so many connections that no more are recorded. */
export const CROWDED_WORKLOAD = {
  id: 'connections/too-many-connections',
  title: 'A workload has too many connections to record them all',
  fix: 'Find out what in the workload connects to so many places or ports: a scan, or malware that spreads, looks like this, and so does a proxy or a crawler. If nobody knows it, isolate the workload and look into its pods. If it is meant to, put the places on the allowlist by range or name (`/k8ssec allow`): this alarm is not about what is covered there. Nobody is asked about what is not recorded.',
} as const;

const HOUR_MS = 3600_000;

/** Counts once an hour: whoever scans does so without a pause. */
export function crowdedWorkload(sighting: Sighting): Detected {
  const { key, atMs } = sighting;
  const message = `${connectionText(key)} is not recorded: ${workloadText(key.workload)} has ${MOST_OF_WORKLOAD.toLocaleString('en-US')} other connections with the outside`;
  return connectionAlarm(sighting, { detection: CROWDED_WORKLOAD.id, severity: 'high', message, about: workloadKey(key.workload), once: Math.floor(atMs / HOUR_MS) });
}
