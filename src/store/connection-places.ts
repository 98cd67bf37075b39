import { CONNECTION_STATES, UNASKED_STATES, type Connection, type ConnectionState, type UnaskedState } from '#src/model/connection.ts';
import { remoteKey, workloadKey } from '#src/model/connection-key.ts';
import { keys } from './keys.ts';

/** Which keys a script about some connections of a cluster touches, and the arguments that say which of them are whose. */
interface Places {
  readonly keys: readonly string[];
  /** How many namespaces there are. */
  readonly namespaces: number;
  /** For each connection: its id, its workload, and which of the namespaces is its own, from 0. */
  readonly args: readonly (readonly [id: string, workload: string, namespace: number])[];
}

/**
 * In this order: sorted sets of all states, of the workloads to ask about, the hash of requests; of each namespace the sorted sets of all
 * states; of each connection its hash, the sets of its workload and of its remote, and the sorted sets of what to ask its workload about.
 */
export function placesOf(cluster: string, of: readonly Pick<Connection, 'id' | 'key'>[]): Places {
  const namespaces = [...new Set(of.map(({ key }) => key.workload.namespace))];
  const shared = [...CONNECTION_STATES.map((state) => stateSet(cluster, state)), ...UNASKED_STATES.map((state) => workloadsSet(cluster, state)), keys.requestsOfConnections(cluster)];
  const spaces = namespaces.flatMap((namespace) => CONNECTION_STATES.map((state) => stateSet(cluster, state, namespace)));
  const own = of.flatMap(({ id, key }) => {
    const workload = workloadKey(key.workload);
    return [hashOf(cluster, id), workloadSet(cluster, workload), remoteSet(cluster, remoteKey(key.remote)), ...UNASKED_STATES.map((state) => askSet(cluster, state, workload))];
  });
  return { keys: [...shared, ...spaces, ...own], namespaces: namespaces.length, args: of.map(({ id, key }) => [id, workloadKey(key.workload), namespaces.indexOf(key.workload.namespace)] as const) };
}

export function hashOf(cluster: string, id: string): string {
  return keys.connection(`${cluster}:${id}`);
}

export function stateSet(cluster: string, state: ConnectionState, namespace?: string): string {
  return namespace === undefined ? keys.connectionsByTime(`${cluster}:${state}`) : keys.connectionsOfNamespace(`${cluster}:${state}:${namespace}`);
}

export function workloadSet(cluster: string, workload: string): string {
  return keys.connectionsOfWorkload(`${cluster}:${workload}`);
}

export function remoteSet(cluster: string, remote: string): string {
  return keys.connectionsOfRemote(`${cluster}:${remote}`);
}

export function workloadsSet(cluster: string, state: UnaskedState): string {
  return keys.workloadsToAsk(`${cluster}:${state}`);
}

export function askSet(cluster: string, state: UnaskedState, workload: string): string {
  return keys.connectionsToAsk(`${cluster}:${state}:${workload}`);
}
