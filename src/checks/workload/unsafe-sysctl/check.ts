import { defineWorkloadCheck } from '#src/model/check.ts';
import { knownObjectsAt, knownOf, textAt, unknownLast } from '#src/model/raw.ts';
import { kubernetes, pss } from '#src/model/references.ts';

/** Each kernel setting that a pod may change without touching its neighbours, with the minor version from which it counts as such. */
const SAFE_SINCE: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_notsent_lowat', 37],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
]);

/** Reports a pod that changes kernel settings other than the safe ones of its Kubernetes version. */
export const check = defineWorkloadCheck({
  id: 'workload/unsafe-sysctl',
  title: 'Pods change only kernel settings that touch no one else',
  severity: 'medium',
  tips: [5],
  why: 'Other kernel settings act beyond the pod: they can weaken or exhaust the node and everything that runs on it.',
  fix: 'Remove the entry from securityContext.sysctls, or set it for the whole node.',
  sources: [pss('baseline', 'Sysctls'), kubernetes('Using sysctls in a Kubernetes Cluster', 'tasks/administer-cluster/sysctl-cluster/')],
  *judge(pod, { version }) {
    const unsafe = knownOf(unknownLast(knownObjectsAt(pod.spec, 'securityContext', 'sysctls'), ([index, sysctl]) => {
      const name = textAt(sysctl, 'name');
      return name === undefined || version.minor >= (SAFE_SINCE.get(name) ?? Infinity) ? [] : [{ index, name }];
    }));
    const [first] = unsafe;
    if (first === undefined) return;
    yield {
      path: [...pod.path, 'securityContext', 'sysctls', first.index, 'name'],
      message: `The pod changes ${unsafe.length === 1 ? 'a kernel setting that is' : 'kernel settings that are'} not safe: ${unsafe.map(({ name }) => name).join(', ')}`,
    };
  },
});
