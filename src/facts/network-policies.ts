import { defineFacts, type Subject } from '#src/model/check.ts';
import { knownKind } from '#src/model/kinds.ts';
import { textAt } from '#src/model/raw.ts';
import { parseAdminPolicy, type AdminPolicy } from '#src/network/admin-policy.ts';
import { ADMIN_POLICY_KINDS, VENDOR_POLICY_KINDS } from '#src/network/collect.ts';
import { parsePolicy, type Policy } from '#src/network/policy.ts';
import { parseCalicoPolicy, parseCiliumPolicy, type VendorPolicy } from '#src/network/vendor-policy.ts';

export interface KnownPolicy extends Policy {
  readonly subject: Subject;
}

interface KnownAdminPolicy extends AdminPolicy {
  readonly subject: Subject;
}

interface State {
  readonly namespaced: KnownPolicy[];
  readonly admin: KnownAdminPolicy[];
  readonly vendor: VendorPolicy[];
}

/** Policies of Kubernetes and of administrators, and what those of Cilium and Calico close. */
export const networkPolicies = defineFacts({
  name: 'network-policies',
  reads: ['NetworkPolicy', ...ADMIN_POLICY_KINDS, ...VENDOR_POLICY_KINDS],
  keeps: 'selectors and rules of each network policy',
  start: (): State => ({ namespaced: [], admin: [], vendor: [] }),
  add(state, object, subject) {
    const { ref } = subject;
    const home = ref.namespace ?? 'default';
    switch (knownKind(textAt(object, 'apiVersion') ?? '', ref.kind)) {
      case 'NetworkPolicy':
        state.namespaced.push({ ...parsePolicy(object), subject });
        return;
      case 'AdminNetworkPolicy':
      case 'BaselineAdminNetworkPolicy':
      case 'ClusterNetworkPolicy':
        state.admin.push({ ...parseAdminPolicy(object), subject });
        return;
      case 'CiliumNetworkPolicy':
        state.vendor.push(...parseCiliumPolicy(object, home));
        return;
      case 'CiliumClusterwideNetworkPolicy':
        state.vendor.push(...parseCiliumPolicy(object, undefined));
        return;
      case 'CalicoNetworkPolicy':
        state.vendor.push(...parseCalicoPolicy(object, home));
        return;
      case 'GlobalNetworkPolicy':
        state.vendor.push(...parseCalicoPolicy(object, undefined));
    }
  },
});
