import { defineFacts } from '#src/model/check.ts';
import type { RawObject } from '#src/model/raw.ts';
import { admissionPolicyScope, bindingScope, boundPolicy } from '#src/model/policy-engines/admission-policy.ts';
import { gatekeeperScope } from '#src/model/policy-engines/gatekeeper.ts';
import { kyvernoScope } from '#src/model/policy-engines/kyverno.ts';
import type { LabelledNamespace, NamespaceScope } from '#src/model/policy-engines/scope.ts';

/** What policy engines keep out of a cluster. */
export interface PodGuards {
  /** Whether some policy refuses privileged pods there. Policies are read for that alone; it stands for the level they enforce. */
  readonly guard: (namespace: LabelledNamespace) => boolean;
}

interface State {
  readonly scopes: NamespaceScope[];
  /** By the name of the policy, which does nothing until it is bound. */
  readonly policies: Map<string, NamespaceScope>;
  readonly bindings: { readonly policy: string; readonly scope: NamespaceScope }[];
}

/** In which namespaces Kyverno, Gatekeeper or a ValidatingAdmissionPolicy refuses privileged pods. */
export const podGuards = defineFacts({
  name: 'pod-guards',
  reads: ['ClusterPolicy', 'Policy', 'ValidatingPolicy', 'K8sPSPPrivilegedContainer', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  keeps: 'the choice of namespaces of each policy',
  start: (): State => ({ scopes: [], policies: new Map(), bindings: [] }),
  add(state, object, { ref }) {
    switch (ref.kind) {
      case 'ValidatingAdmissionPolicy': {
        const scope = admissionPolicyScope(object);
        if (scope !== undefined) state.policies.set(ref.name, scope);
        return;
      }
      case 'ValidatingAdmissionPolicyBinding': {
        const policy = boundPolicy(object);
        const scope = bindingScope(object);
        if (policy !== undefined && scope !== undefined) state.bindings.push({ policy, scope });
        return;
      }
      default: {
        const scope = ownScope(ref.kind, object);
        if (scope === undefined) return;
        state.scopes.push(ref.kind === 'Policy' ? (namespace) => namespace.name === (ref.namespace ?? 'default') && scope(namespace) : scope);
      }
    }
  },
  finish({ scopes, policies, bindings }): PodGuards {
    return {
      guard: (namespace) =>
        scopes.some((holds) => holds(namespace)) || bindings.some(({ policy, scope }) => scope(namespace) && policies.get(policy)?.(namespace) === true),
    };
  },
});

/** Of policies that need no binding. */
function ownScope(kind: string, object: RawObject): NamespaceScope | undefined {
  if (kind === 'K8sPSPPrivilegedContainer') return gatekeeperScope(object);
  if (kind !== 'ValidatingPolicy') return kyvernoScope(object);
  const [policy, binding] = [admissionPolicyScope(object), bindingScope(object)];
  return policy === undefined || binding === undefined ? undefined : (namespace) => policy(namespace) && binding(namespace);
}
