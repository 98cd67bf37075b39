import { defineWorkloadCheck } from '#src/model/check.ts';
import { describeVolumes, hostPathVolumes } from '#src/model/host-path.ts';
import { kubernetes, mitre } from '#src/model/references.ts';
import { reachesRuntimeSocket } from '#src/model/sensitive-path.ts';

/**
 * Reports a pod with a volume that is the socket of the node's container runtime, or a directory that holds it.
 *
 * Mounted or not; a read-only mount changes nothing, because a socket is not written to as a file is.
 */
export const check = defineWorkloadCheck({
  id: 'workload/container-runtime-socket',
  title: 'No pod reaches the container runtime of its node',
  severity: 'critical',
  tips: [5],
  why: 'Whoever can talk to the socket starts any container, privileged and with the whole disk of the node in it: that is root on the node.',
  fix: 'Remove the volume; build images without a daemon, and read metrics and logs from the kubelet.',
  sources: [kubernetes('Volumes, hostPath', 'concepts/storage/volumes/#hostpath'), mitre('T1611')],
  *judge(pod) {
    const volumes = hostPathVolumes(pod, ({ hostPath }) => hostPath !== undefined && reachesRuntimeSocket(hostPath));
    const [first] = volumes;
    if (first === undefined) return;
    yield { path: [...first.path, 'path'], message: `The pod reaches the container runtime of its node: ${describeVolumes(volumes)}` };
  },
});
