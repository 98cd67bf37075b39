import { isWithin } from './host-path.ts';

/** Directories from which a node is taken over. */
const SENSITIVE = [
  '/boot',
  '/dev',
  '/etc',
  '/home/admin',
  '/lib',
  '/proc',
  '/root',
  '/sys',
  '/usr',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/kubelet',
];

/** One is usually a link to the other. */
const RUN_DIRECTORIES = ['/run', '/var/run'];
const SOCKETS = ['docker.sock', 'cri-dockerd.sock', 'containerd/containerd.sock', 'k3s/containerd/containerd.sock', 'crio/crio.sock'].flatMap((socket) =>
  RUN_DIRECTORIES.map((directory) => `${directory}/${socket}`),
);
const SOCKET_NAMES = ['docker.sock', 'cri-dockerd.sock', 'containerd.sock', 'crio.sock'];

/** Whether a normalised path of a node lies in, or holds, a directory that the node depends on. */
export function isSensitivePath(path: string): boolean {
  return SENSITIVE.some((directory) => isWithin(directory, path) || isWithin(path, directory));
}

/** Whether a normalised path of a node is the socket of its container runtime, or a directory that holds it. */
export function reachesRuntimeSocket(path: string): boolean {
  if (SOCKETS.some((socket) => isWithin(path, socket))) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return SOCKET_NAMES.includes(name) && RUN_DIRECTORIES.some((directory) => isWithin(directory, path));
}
