import { createHash } from 'node:crypto';
import type { Detected } from '#src/events/detect.ts';
import type { Sighting } from '#src/model/connection.ts';

export interface ConnectionAlarm extends Pick<Detected, 'detection' | 'severity' | 'message'> {
  /** The same is one message of a day. */
  readonly about: string;
  /** The same counts once. */
  readonly once: unknown;
}

const FINGERPRINT_DIGITS = 20;

/** An alarm about the workload of a connection. It needs what is known of connections, so that no rule about events alone can tell it. */
export function connectionAlarm({ key: { cluster, workload }, atMs }: Sighting, { detection, severity, message, about, once }: ConnectionAlarm): Detected {
  const group = JSON.stringify([cluster, detection, about]);
  return {
    detection,
    severity,
    timeMs: atMs,
    actor: null,
    object: { kind: workload.kind, namespace: workload.namespace, name: workload.name },
    message,
    group,
    fingerprint: createHash('sha256').update(JSON.stringify([group, once])).digest('hex').slice(0, FINGERPRINT_DIGITS),
  };
}
