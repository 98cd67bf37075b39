import { defineObjectCheck } from '#src/model/check.ts';
import { objectAt, objectsAt } from '#src/model/raw.ts';
import { kubernetes } from '#src/model/references.ts';
import { directionsOf, isEmptySelector } from '#src/network/policy.ts';

/** Reports each policy that allows something to every pod of its namespace. One that only denies is right to choose them all. */
export const check = defineObjectCheck({
  id: 'exposure/network-policy-selects-nothing-useful',
  title: 'Network policies that allow something choose their pods',
  severity: 'low',
  tips: [3],
  why: 'What one workload needs is allowed to every pod of the namespace, also to those that come later.',
  fix: 'Name the pods in spec.podSelector, and keep the empty selector for policies that deny.',
  sources: [kubernetes('Network Policies', 'concepts/services-networking/network-policies/')],
  kinds: ['NetworkPolicy'],
  *judge(policy) {
    if (!isEmptySelector(objectAt(policy, 'spec', 'podSelector'))) return;
    const direction = directionsOf(policy).find((candidate) => objectsAt(policy, 'spec', candidate).length > 0);
    if (direction !== undefined) yield { path: ['spec', direction], message: `It allows ${direction === 'ingress' ? 'incoming' : 'outgoing'} connections of every pod of the namespace` };
  },
});
