import { namespaces } from '#src/facts/namespaces.ts';
import { networkPolicies, type KnownPolicy } from '#src/facts/network-policies.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, mitre, nsa } from '#src/model/references.ts';
import { allowsEverything, closedByAdmin, isRestrictedByPlugin, openerBefore, unclearFor } from '#src/network/coverage.ts';
import { DIRECTIONS } from '#src/network/policy.ts';
import { namespaceLabels, type Direction } from '#src/network/rules.ts';

/** Namespaces that Kubernetes creates. */
const OWN_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
const WORDS = { ingress: 'incoming', egress: 'outgoing' } as const;

/** Reports each namespace, for each direction, in which a pod that no policy names may talk to everybody. */
export const check = defineClusterCheck({
  id: 'exposure/namespace-without-default-deny',
  title: 'Every namespace denies connections by default',
  severity: 'medium',
  tips: [3],
  why: 'A new workload is open to everybody until somebody thinks of a policy for it.',
  fix: 'Add a NetworkPolicy with podSelector {} and no rules for the direction, after policies that allow what is needed.',
  sources: [cis('5.3.2'), nsa('Network separation and hardening: Network policies'), mitre('T1046')],
  items: { ingress: { title: 'Incoming connections are denied by default' }, egress: { title: 'Outgoing connections are denied by default' } },
  needs: { namespaces, networkPolicies },
  *judge({ namespaces, networkPolicies: { namespaced, admin, vendor, unknownIn } }) {
    const labelsOf = namespaceLabels(new Map([...namespaces].map(([name, { labels }]) => [name, labels])));
    const byNamespace = Map.groupBy(namespaced, ({ namespace }) => namespace);
    for (const [name, { subject }] of namespaces) {
      if (subject.stock || OWN_NAMESPACES.has(name)) continue;
      const policies = byNamespace.get(name) ?? [];
      const stranger = { namespace: name, labels: new Map<string, string>(), hostNetwork: false };
      for (const direction of DIRECTIONS) {
        const opener = openerBefore(stranger, direction, admin, labelsOf) ?? policies.find((policy) => opens(policy, direction));
        const denied = policies.some((policy) => denies(policy, direction)) || closedByAdmin(stranger, direction, admin, labelsOf) || isRestrictedByPlugin(stranger, direction, { vendor }, labelsOf);
        const undecided = unclearFor(stranger, direction, admin, labelsOf) ?? (opener === undefined && !denied ? unknownIn(name) : undefined);
        if (undecided !== undefined) yield { subject, undecided };
        else if (opener !== undefined) yield { subject, item: direction, path: ['metadata'], message: `The policy ${opener.name} allows all ${WORDS[direction]} connections of every pod`, related: [opener.subject.ref] };
        else if (!denied) yield { subject, item: direction, path: ['metadata'], message: `No policy denies ${WORDS[direction]} connections by default` };
      }
    }
  },
});

function denies(policy: KnownPolicy, direction: Direction): boolean {
  return policy.selectsAll && policy[direction]?.length === 0;
}

function opens(policy: KnownPolicy, direction: Direction): boolean {
  return policy.selectsAll && policy[direction]?.some(allowsEverything) === true;
}
