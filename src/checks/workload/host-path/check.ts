import { defineWorkloadCheck } from '#src/model/check.ts';
import { describeVolumes, hostPathVolumes } from '#src/model/host-path.ts';
import { cis, mitre, nsa, pss } from '#src/model/references.ts';

/** Reports a pod with volumes that are paths of its node, mounted or not. */
export const check = defineWorkloadCheck({
  id: 'workload/host-path',
  title: 'Pods use no paths of their node',
  severity: 'high',
  tips: [5],
  why: 'Files of the node hold credentials and programs that run as root there; a container that can read or change them is on its way out of its pod.',
  fix: 'Replace hostPath by a persistent volume claim, an emptyDir, or a projected volume.',
  sources: [pss('baseline', 'HostPath Volumes'), pss('restricted', 'Volume Types'), cis('5.2.11'), nsa('Kubernetes Pod security'), mitre('T1611')],
  *judge(pod) {
    const volumes = hostPathVolumes(pod);
    const [first] = volumes;
    if (first === undefined) return;
    yield { path: first.path, message: `The pod uses ${volumes.length === 1 ? 'a path' : 'paths'} of its node: ${describeVolumes(volumes)}` };
  },
});
