import { networkPolicies } from '#src/facts/network-policies.ts';
import { networkWorkloads, unplacedWorkloads } from '#src/facts/network-workloads.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';

/** Reports each NetworkPolicy that selects no workload there is. An empty selector waits for pods to come, and is left out. */
export const check = defineClusterCheck({
  id: 'exposure/dangling-network-policy',
  title: 'Every network policy selects some pods',
  severity: 'low',
  tips: [3],
  why: 'It protects nothing: often a label was changed, or misspelled, and the pods it was written for are open.',
  fix: 'Correct the labels in spec.podSelector, or remove the policy.',
  sources: [kubernetes('Network Policies', 'concepts/services-networking/network-policies/')],
  needs: { networkPolicies, networkWorkloads, unplacedWorkloads },
  *judge({ networkPolicies, networkWorkloads, unplacedWorkloads }) {
    const byNamespace = Map.groupBy(networkWorkloads, ({ namespace }) => namespace);
    for (const { subject, namespace, selects, selectsAll } of networkPolicies.namespaced) {
      const isDangling = !selectsAll && !(byNamespace.get(namespace) ?? []).some(({ labels }) => selects(labels));
      if (!isDangling || subject.stock) continue;
      const mayBeThere = unplacedWorkloads.has(namespace) || unplacedWorkloads.has(undefined);
      yield mayBeThere ? { subject, undecided: 'the labels of a workload are only known when its file is applied' } : { subject, path: ['spec', 'podSelector'], message: 'It selects no pods' };
    }
  },
});
