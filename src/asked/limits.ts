import type { AskLimits, AskedDeed } from '#src/model/questions.ts';
import { networkOf } from '#src/network/addresses.ts';

/** What Deployments and ReplicaSets, Jobs and DaemonSets, and StatefulSets add to the name of a pod. */
const POD_ENDINGS = [/-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/, /-[bcdfghjklmnpqrstvwxz2456789]{5}$/, /-\d+$/];

/** Deeds with the same names count as the same to whoever is asked about them. */
export function limitsOf(deed: AskedDeed, person: string): AskLimits {
  const { cluster, user, detection, address } = deed;
  const workload = workloadOf(deed);
  return {
    topic: JSON.stringify([person, cluster, user, workload]),
    pattern: JSON.stringify([cluster, user, workload, detection, address === undefined ? '' : (networkOf(address) ?? address)]),
  };
}

/** What a pod belongs to, by its name alone: an audit event does not tell its owner. */
function workloadOf({ object }: AskedDeed): string {
  if (object === undefined) return '';
  const ending = object.kind === 'Pod' ? POD_ENDINGS.find((pattern) => pattern.test(object.name)) : undefined;
  return `${object.kind} ${object.namespace ?? ''}/${ending === undefined ? object.name : object.name.replace(ending, '')}`;
}
