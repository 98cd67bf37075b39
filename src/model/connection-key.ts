import { createHash } from 'node:crypto';
import type { ConnectedWorkload, ConnectionKey, Remote } from '#src/model/connection.ts';

/** The beginning of a digest that names a key in storage: long enough that nobody finds two keys with the same. */
const ID_DIGITS = 32;

/** The same text for the same key, another for every other. */
export function keyText({ cluster, direction, workload, remote, port, protocol }: ConnectionKey): string {
  return JSON.stringify([cluster, direction, workload.namespace, workload.kind, workload.name, remote.kind, remote.kind === 'address' ? remote.address : remote.name, port, protocol]);
}

export function connectionId(key: ConnectionKey): string {
  return createHash('sha256').update(keyText(key)).digest('hex').slice(0, ID_DIGITS);
}

export function workloadKey({ namespace, kind, name }: ConnectedWorkload): string {
  return `${namespace}/${kind}/${name}`;
}

/** The workload that a text of `workloadKey` stands for. */
export function workloadOf(text: string): ConnectedWorkload {
  const [namespace = '', kind = '', ...name] = text.split('/');
  return { namespace, kind, name: name.join('/') };
}

export function remoteKey(remote: Remote): string {
  return `${remote.kind} ${remote.kind === 'address' ? remote.address : remote.name}`;
}
