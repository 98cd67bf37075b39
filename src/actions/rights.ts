/** A right that changes need in a cluster, in the words of RBAC. */
export interface NeededRight {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Only these objects. */
  readonly names?: readonly string[];
}

/** Rights that go together, because one sort of change needs them all. */
export interface RightSet {
  readonly name: string;
  /** Only in this namespace. */
  readonly namespace?: string;
  /** What it is for and what it lets the bot do, as lines of a comment. */
  readonly text: readonly string[];
  /** Whoever installs it decides whether the bot gets it. */
  readonly optional?: true;
  /** To be bound in single namespaces, and not in the whole cluster. */
  readonly bindIn?: 'namespaces';
  readonly rights: readonly NeededRight[];
}

const RBAC = 'rbac.authorization.k8s.io';

/** All that is ever written, whoever asks for it. `escalate` and rights on roles are not among it. */
export const RIGHT_SETS: readonly RightSet[] = [
  {
    name: 'k8ssec-enforce',
    text: ['Gives a role for a time, takes somebody out of a binding, deletes a binding and brings it back; asks afterwards who may do what.'],
    rights: [
      { group: RBAC, resource: 'rolebindings', verbs: ['get', 'patch', 'create', 'delete'] },
      { group: RBAC, resource: 'clusterrolebindings', verbs: ['get', 'patch', 'create', 'delete'] },
      { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verbs: ['create'] },
    ],
  },
  {
    name: 'k8ssec-enforce-bind',
    text: [
      'The roles in whose bindings the bot may write. Kubernetes asks for `bind` on the role (or for every right of the role) when a binding',
      'to it is made, and also when one is changed in any way: taking a subject out needs it as much as adding one. Deleting a whole',
      'binding does not. So name here each ClusterRole of your `temporaryRoles`, and each whose bindings the bot shall clean up.',
      'Whoever has `bind` on a role can give it to themselves: with cluster-admin in this list, whoever holds the token of the bot is',
      'cluster-admin. Without it the bot says which binding it could not change, and a person does it.',
      'For bindings to a Role, add a rule with `roles` instead of `clusterroles`. `escalate` is never needed.',
    ],
    rights: [{ group: RBAC, resource: 'clusterroles', verbs: ['bind'], names: ['view', 'edit'] }],
  },
  {
    name: 'k8ssec-enforce-tokens',
    optional: true,
    text: [
      'Marks long-lived tokens of ServiceAccounts as invalid and deletes them. The bot asks for the metadata of Secrets only, but',
      'Kubernetes cannot limit the right to that: whoever holds the token of the bot can read every Secret whose name they know.',
    ],
    rights: [{ group: '', resource: 'secrets', verbs: ['get', 'patch', 'delete'] }],
  },
  {
    name: 'k8ssec-enforce-network',
    optional: true,
    text: [
      'Blocks connections that people have denied, and isolates workloads that people want isolated: policies of the network for each',
      'workload, with names that begin with k8ssec-.',
      'Kubernetes cannot limit the right to such names: whoever holds the token of the bot can change every policy of these kinds. The bot',
      'itself writes over no policy that it has not made. Leave out the groups that your network plugin does not serve.',
    ],
    rights: [
      { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['get', 'list', 'create', 'patch', 'delete'] },
      { group: 'cilium.io', resource: 'ciliumnetworkpolicies', verbs: ['get', 'list', 'create', 'patch', 'delete'] },
      { group: 'projectcalico.org', resource: 'networkpolicies', verbs: ['get', 'list', 'create', 'patch', 'delete'] },
    ],
  },
  {
    name: 'k8ssec-enforce-services',
    optional: true,
    bindIn: 'namespaces',
    text: [
      'Sets `loadBalancerSourceRanges` of Services of type LoadBalancer, where `sourceRanges` of a cluster says so. Kubernetes',
      'cannot limit the right to that field: whoever holds the token of the bot can send the traffic of these Services elsewhere. So bind it',
      'with a RoleBinding in each namespace that `sourceRanges` names, and not in the whole cluster.',
    ],
    rights: [{ group: '', resource: 'services', verbs: ['get', 'patch'] }],
  },
  {
    name: 'k8ssec-enforce-accounts',
    optional: true,
    text: ['Deletes ServiceAccounts that nobody uses, and brings them back.'],
    rights: [{ group: '', resource: 'serviceaccounts', verbs: ['get', 'create', 'delete'] }],
  },
  {
    name: 'k8ssec-enforce-aws-auth',
    namespace: 'kube-system',
    optional: true,
    text: ['Takes people out of the map of AWS identities on EKS. Whoever may write this ConfigMap can make anybody an administrator.'],
    rights: [{ group: '', resource: 'configmaps', verbs: ['get', 'patch'], names: ['aws-auth'] }],
  },
];
