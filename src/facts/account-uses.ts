import { defineFacts, type Subject } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import type { Step } from '#src/model/raw.ts';
import { textAt } from '#src/model/raw.ts';
import { podOf } from '#src/model/workload.ts';

/** A workload that runs as a ServiceAccount of its own choice. */
export interface AccountUse {
  readonly subject: Subject;
  /** `default` where the workload names none. */
  readonly namespace: string;
  readonly account: string;
  /** From the root of the workload to where it names the account. */
  readonly path: readonly Step[];
}

/** The workloads that name a ServiceAccount other than `default`. */
export const accountUses = defineFacts({
  name: 'account-uses',
  reads: WORKLOAD_KINDS,
  keeps: 'the ServiceAccount of each workload that names one',
  start: (): AccountUse[] => [],
  add(state, object, subject) {
    const pod = podOf(object);
    if (pod === undefined || pod.serviceAccountName === 'default') return;
    const field = textAt(pod.spec, 'serviceAccountName') ? 'serviceAccountName' : 'serviceAccount';
    state.push({ subject, namespace: subject.ref.namespace ?? 'default', account: pod.serviceAccountName, path: [...pod.path, field] });
  },
});
