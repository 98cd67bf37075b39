import { defineWorkloadCheck } from '#src/model/check.ts';
import { describeVolumes, hostPathVolumes } from '#src/model/host-path.ts';
import { cis, kubernetes, mitre } from '#src/model/references.ts';
import { isSensitivePath } from '#src/model/sensitive-path.ts';

/** Reports a pod with a volume that lies in, or holds, a directory from which a node is taken over. Mounted or not. */
export const check = defineWorkloadCheck({
  id: 'workload/sensitive-host-path',
  title: 'No pod uses a directory that its node depends on',
  severity: 'high',
  tips: [5],
  why: 'These directories hold the credentials of the kubelet, the Secrets of other pods, the programs that run as root and the switches of the kernel.',
  fix: 'Remove the volume, or narrow it to the one file or directory that the program needs and mount it read-only.',
  sources: [cis('5.2.11'), mitre('T1611'), kubernetes('Volumes, hostPath', 'concepts/storage/volumes/#hostpath')],
  *judge(pod) {
    const volumes = hostPathVolumes(pod, ({ hostPath }) => hostPath !== undefined && isSensitivePath(hostPath));
    const [first] = volumes;
    if (first === undefined) return;
    yield { path: [...first.path, 'path'], message: `The pod uses ${volumes.length === 1 ? 'a directory' : 'directories'} that its node depends on: ${describeVolumes(volumes)}` };
  },
});
