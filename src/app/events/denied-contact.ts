import { createHash } from 'node:crypto';
import { connectionText } from '#src/model/connection-words.ts';
import type { Detected } from '#src/events/detect.ts';
import { connectionId } from '#src/model/connection-key.ts';
import type { Sighting } from '#src/model/connection.ts';

/** What is told when a connection that people have denied is seen again. It needs their decisions, so that no rule about events alone can tell it. */
export const DENIED_CONTACT = {
  id: 'connections/denied-remote-contacted',
  title: 'A workload connected to what was denied',
  fix: 'Find out what in the workload connects there, stop it, and block the connection by a network policy where the cluster is only watched.',
} as const;

const FINGERPRINT_DIGITS = 20;

/** Critical where it succeeded: then nothing enforces the decision. */
export function deniedContact({ key, outcome, atMs, address }: Sighting): Detected {
  const { cluster, workload } = key;
  const group = JSON.stringify([cluster, DENIED_CONTACT.id, connectionId(key)]);
  const tried = { attempted: 'tried', dropped: 'tried, and the network dropped it', connected: 'made all the same' }[outcome];
  const message = `${connectionText(key)} was denied and is ${tried}${address === undefined ? '' : ` (${address})`}`;
  return {
    detection: DENIED_CONTACT.id,
    severity: outcome === 'connected' ? 'critical' : 'high',
    timeMs: atMs,
    actor: null,
    object: { kind: workload.kind, namespace: workload.namespace, name: workload.name },
    message,
    group,
    fingerprint: createHash('sha256').update(JSON.stringify([group, atMs, message])).digest('hex').slice(0, FINGERPRINT_DIGITS),
  };
}
