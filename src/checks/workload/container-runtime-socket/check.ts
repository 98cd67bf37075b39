import { defineWorkloadCheck } from '#src/model/check.ts';
import { describeVolumes, hostPathVolumes, isWithin } from '#src/model/host-path.ts';
import { kubernetes } from '#src/model/references.ts';

/** One is usually a link to the other. */
const RUN_DIRECTORIES = ['/run', '/var/run'];
const SOCKETS = ['docker.sock', 'cri-dockerd.sock', 'containerd/containerd.sock', 'k3s/containerd/containerd.sock', 'crio/crio.sock'].flatMap((socket) =>
  RUN_DIRECTORIES.map((directory) => `${directory}/${socket}`),
);
const SOCKET_NAMES = ['docker.sock', 'cri-dockerd.sock', 'containerd.sock', 'crio.sock'];

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
  sources: [kubernetes('Volumes, hostPath', 'concepts/storage/volumes/#hostpath')],
  *judge(pod) {
    const volumes = hostPathVolumes(pod).filter(({ hostPath }) => hostPath !== undefined && reachesSocket(hostPath));
    const [first] = volumes;
    if (first === undefined) return;
    yield { path: [...first.path, 'path'], message: `The pod reaches the container runtime of its node: ${describeVolumes(volumes)}` };
  },
});

function reachesSocket(path: string): boolean {
  if (SOCKETS.some((socket) => isWithin(path, socket))) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return SOCKET_NAMES.includes(name) && RUN_DIRECTORIES.some((directory) => isWithin(directory, path));
}
