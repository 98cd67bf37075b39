import { defineFacts, type Subject } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { booleanAt, type Step } from '#src/model/raw.ts';
import { namespaceOf } from '#src/model/rbac-subject.ts';
import { podOf } from '#src/model/workload.ts';

/** A workload that does not refuse the token of its ServiceAccount. */
export interface TokenMount {
  readonly subject: Subject;
  readonly namespace: string;
  /** `default` where the workload names none. */
  readonly account: string;
  /** It asks for the token, whatever the account says. */
  readonly asks: boolean;
  /** From the root of the workload to the spec of its pods. */
  readonly path: readonly Step[];
}

/** The workloads whose pods get a token of their ServiceAccount if the account does not refuse it. */
export const tokenMounts = defineFacts({
  name: 'token-mounts',
  reads: WORKLOAD_KINDS,
  keeps: 'the ServiceAccount of each workload',
  start: (): TokenMount[] => [],
  add(state, object, subject) {
    const pod = podOf(object);
    const automount = booleanAt(pod?.spec, 'automountServiceAccountToken');
    if (pod === undefined || automount === false || subject.stock) return;
    state.push({ subject, namespace: namespaceOf(subject.ref), account: pod.serviceAccountName, asks: automount === true, path: pod.path });
  },
});
