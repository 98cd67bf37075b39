import { describeVolumes, hostPathVolumes, type HostPathVolume } from '#src/model/host-path.ts';
import { nsa, pss } from '#src/model/references.ts';
import { isSensitivePath, reachesRuntimeSocket } from '#src/model/sensitive-path.ts';
import { definePodDetection } from '../pod-created.ts';

/** Tells of each pod, or maker of pods, that was created with a part of its node's disk. */
export const detection = definePodDetection({
  id: 'audit/sensitive-mount-pod-created',
  title: 'A pod was created with a part of the disk of its node',
  severity: 'high',
  tips: [8, 5],
  why: 'Some directories hold the credentials of the kubelet, the Secrets of other pods and the programs that run as root; any other outlives the pod and is shared with whoever asks.',
  fix: 'Ask whoever created it why; delete it if it is not wanted, and enforce a Pod Security Standard in the namespace.',
  sources: [pss('baseline', 'HostPath Volumes'), nsa('Audit Logging and Threat Detection')],
  items: {
    sensitive: { title: 'A pod was created with a directory that its node depends on' },
    other: { title: 'A pod was created with another directory of its node', severity: 'medium' },
  },
  *judge(pod) {
    const volumes = hostPathVolumes(pod);
    const sensitive = volumes.filter(isSensitive);
    const others = volumes.filter((volume) => !isSensitive(volume));
    if (sensitive.length > 0) yield { item: 'sensitive', message: `with what its node depends on: ${describeVolumes(sensitive)}` };
    if (others.length > 0) yield { item: 'other', message: `with a part of the disk of its node: ${describeVolumes(others)}` };
  },
});

function isSensitive({ hostPath }: HostPathVolume): boolean {
  return hostPath !== undefined && (isSensitivePath(hostPath) || reachesRuntimeSocket(hostPath));
}
