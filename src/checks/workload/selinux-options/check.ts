import { defineWorkloadCheck } from '#src/model/check.ts';
import { securityContextsOf } from '#src/model/pod-security.ts';
import { textAt, unknownLast, type RawObject } from '#src/model/raw.ts';
import { pss } from '#src/model/references.ts';
import type { KubernetesVersion } from '#src/model/version.ts';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
/** A container engine in a container: allowed from 1.31. */
const ENGINE = { type: 'container_engine_t', since: 31 };

/** Reports a pod or container that chooses an SELinux user or role, or a type other than those of ordinary containers. */
export const check = defineWorkloadCheck({
  id: 'workload/selinux-options',
  title: 'Pods keep the SELinux user, role and type of a container',
  severity: 'medium',
  tips: [5],
  why: 'SELinux keeps a process that has left its container away from the files of the node; another type, such as spc_t, takes that barrier away.',
  fix: 'Remove user, role and type from seLinuxOptions; level may stay.',
  sources: [pss('baseline', 'SELinux')],
  *judge(pod, { version }) {
    yield* unknownLast(securityContextsOf(pod), function* ({ owner, settings, place }) {
      const fields = refusedFields(settings, version);
      const [first] = fields;
      if (first === undefined) return;
      yield {
        ...place('seLinuxOptions', first),
        message: `${owner} sets the SELinux ${fields.map((field) => `${field} ${textAt(settings, 'seLinuxOptions', field) ?? ''}`).join(', ')}`,
      };
    });
  },
});

function refusedFields(settings: RawObject, version: KubernetesVersion): readonly string[] {
  const type = textAt(settings, 'seLinuxOptions', 'type') ?? '';
  const refusesType = !TYPES.includes(type) && !(type === ENGINE.type && version.minor >= ENGINE.since);
  return [...(refusesType ? ['type'] : []), ...['user', 'role'].filter((field) => (textAt(settings, 'seLinuxOptions', field) ?? '') !== '')];
}
