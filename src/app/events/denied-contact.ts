import { connectionText } from '#src/model/connection-words.ts';
import type { Detected } from '#src/events/detect.ts';
import { connectionId } from '#src/model/connection-key.ts';
import type { Sighting } from '#src/model/connection.ts';
import { connectionAlarm } from './connection-alarm.ts';

/** What is told when a connection that people have denied is seen again. */
export const DENIED_CONTACT = {
  id: 'connections/denied-remote-contacted',
  title: 'What was denied was contacted again',
  fix: 'Find out what in the workload connects there, stop it, and block the connection by a network policy where the cluster is only watched.',
} as const;

/** Critical where it succeeded: then nothing enforces the decision. */
export function deniedContact(sighting: Sighting): Detected {
  const { key, outcome, atMs, address } = sighting;
  const tried = { attempted: 'was tried again', dropped: 'was tried again; the network dropped it', connected: 'was made all the same' }[outcome];
  const message = `${connectionText(key)} is denied and ${tried}${address === undefined ? '' : ` (${address})`}`;
  return connectionAlarm(sighting, { detection: DENIED_CONTACT.id, severity: outcome === 'connected' ? 'critical' : 'high', message, about: connectionId(key), once: [atMs, message] });
}
