import { defineObjectCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';
import { isBastion } from '#src/model/ssh.ts';
import { podOf } from '#src/model/workload.ts';

/** Reports each DaemonSet that lets people in on every node. */
export const check = defineObjectCheck({
  id: 'node/ssh-bastion-daemonset',
  title: 'No DaemonSet is a door to every node',
  severity: 'high',
  tips: [6],
  why: 'Whoever gets in is on every node of the cluster at once, past the roles of Kubernetes and its audit log.',
  fix: 'Remove it; use kubectl debug node/…, which roles allow and the audit log shows, and remove that pod afterwards.',
  sources: [nsa('Network separation and hardening: Worker node segmentation')],
  kinds: ['DaemonSet'],
  *judge(object) {
    const pod = podOf(object);
    if (pod === undefined) return;
    const shared = ['hostPID', 'hostNetwork'].filter((field) => booleanAt(pod.spec, field) === true);
    const door = shared.length === 0 ? undefined : pod.containers.find(isBastion);
    if (door !== undefined) yield { container: door.name, path: door.path, message: `Container ${door.name} lets people in on every node, with ${shared.join(' and ')}` };
  },
});
