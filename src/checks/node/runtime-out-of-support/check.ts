import { defineObjectCheck } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';

/** The oldest containerd that still gets fixes. */
const OLDEST_CONTAINERD = { major: 1, minor: 7 };

/** Reports each node whose container runtime gets no security fixes any more. */
export const check = defineObjectCheck({
  id: 'node/runtime-out-of-support',
  title: 'Every node runs a container runtime that is maintained',
  severity: 'medium',
  tips: [6],
  why: 'A hole in the runtime is a way from a container to its node.',
  fix: 'Upgrade containerd to 2.x; move from Docker to containerd or CRI-O.',
  sources: [
    nsa('Upgrading and application security practices'),
    { title: 'containerd: Releases', url: 'https://containerd.io/releases/' },
    { title: 'Kubernetes: Dockershim Removal FAQ', url: 'https://kubernetes.io/blog/2022/02/17/dockershim-faq/' },
  ],
  kinds: ['Node'],
  *judge(object) {
    const text = textAt(object, 'status', 'nodeInfo', 'containerRuntimeVersion') ?? '';
    const [, runtime, major, minor] = /^(\w+):\/\/v?(\d+)\.(\d+)/.exec(text) ?? [];
    const path = ['status', 'nodeInfo', 'containerRuntimeVersion'];
    if (runtime === 'docker') yield { path, message: `Its container runtime is Docker, which Kubernetes does not support any more (${text})` };
    else if (runtime === 'containerd' && isOlder(Number(major), Number(minor))) yield { path, message: `Its container runtime gets no security fixes any more (${text})` };
  },
});

function isOlder(major: number, minor: number): boolean {
  return major === OLDEST_CONTAINERD.major ? minor < OLDEST_CONTAINERD.minor : major < OLDEST_CONTAINERD.major;
}
