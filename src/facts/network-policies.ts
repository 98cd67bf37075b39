import { defineFacts, type Subject } from '#src/model/check.ts';
import { knownKind } from '#src/model/kinds.ts';
import { ifKnown, textAt, Unresolved, type RawObject } from '#src/model/raw.ts';
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
  /** Of policies of which only applying their file would tell whom they select and what they allow. */
  readonly unknown: UnknownPolicy[];
}

interface UnknownPolicy {
  /** Whose pods it may select; undefined for those of any. */
  readonly namespace: string | undefined;
  readonly reason: string;
}

/** The policies of a cluster. */
export interface NetworkPolicies extends Omit<State, 'unknown'> {
  /** Why there may be another policy for pods of a namespace than those that are known. */
  readonly unknownIn: (namespace: string) => string | undefined;
}

/** Policies of Kubernetes and of administrators, and what those of Cilium and Calico close. */
export const networkPolicies = defineFacts({
  name: 'network-policies',
  reads: ['NetworkPolicy', ...ADMIN_POLICY_KINDS, ...VENDOR_POLICY_KINDS],
  keeps: 'selectors and rules of each network policy',
  start: (): State => ({ namespaced: [], admin: [], vendor: [], unknown: [] }),
  add(state, object, subject) {
    try {
      addPolicy(state, object, subject);
    } catch (error) {
      if (error instanceof Unresolved) state.unknown.push({ namespace: placeOf(object, subject), reason: error.message });
      throw error;
    }
  },
  finish: ({ unknown, ...known }): NetworkPolicies => ({
    ...known,
    unknownIn: (namespace) => unknown.find((policy) => policy.namespace === undefined || policy.namespace === namespace)?.reason,
  }),
});

function addPolicy(state: State, object: RawObject, subject: Subject): void {
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
}

function placeOf(object: RawObject, { ref }: Subject): string | undefined {
  const isOfNamespace = ['NetworkPolicy', 'CiliumNetworkPolicy'].includes(ref.kind);
  return isOfNamespace ? ifKnown(() => textAt(object, 'metadata', 'namespace') ?? 'default', undefined) : undefined;
}
