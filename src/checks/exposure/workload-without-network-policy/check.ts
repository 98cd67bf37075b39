import { namespaces } from '#src/facts/namespaces.ts';
import { networkPolicies } from '#src/facts/network-policies.ts';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, mitre, nsa } from '#src/model/references.ts';
import { isRestricted, unclearFor } from '#src/network/coverage.ts';
import { DIRECTIONS } from '#src/network/policy.ts';
import { namespaceLabels } from '#src/network/rules.ts';

const MISSING = { ingress: 'No network policy limits who talks to it', egress: 'No network policy limits whom it talks to' } as const;

/**
 * Reports each workload that no network policy selects, for each direction, and those in the network of their node, which none can select.
 *
 * Policies of Cilium and Calico count, and those of administrators (ClusterNetworkPolicy, AdminNetworkPolicy) that deny something.
 */
export const check = defineClusterCheck({
  id: 'exposure/workload-without-network-policy',
  title: 'A network policy selects every workload',
  severity: 'medium',
  tips: [3],
  why: 'Whoever takes over one pod reaches every other, the metadata service of the cloud, and the internet to send away what is found.',
  fix: 'Write a policy that allows what the workload needs; begin with one that denies everything in its namespace.',
  sources: [cis('5.3.2'), nsa('Network separation and hardening: Network policies'), mitre('T1046')],
  items: {
    ingress: { title: 'Who talks to the workload is limited' },
    egress: { title: 'Whom the workload talks to is limited' },
    'host-network': { title: 'The workload has a network of its own', severity: 'low' },
  },
  needs: { namespaces, networkPolicies, networkWorkloads },
  *judge({ namespaces, networkPolicies, networkWorkloads }) {
    const labelsOf = namespaceLabels(new Map([...namespaces].map(([name, { labels }]) => [name, labels])));
    for (const workload of networkWorkloads) {
      const { subject, path, hostNetwork } = workload;
      if (subject.stock) continue;
      if (hostNetwork) {
        yield { subject, item: 'host-network', path: [...path, 'hostNetwork'], message: 'No network policy can select it, because it is in the network of its node' };
        continue;
      }
      for (const direction of DIRECTIONS) {
        if (isRestricted(workload, direction, networkPolicies, labelsOf)) continue;
        const undecided = unclearFor(workload, direction, networkPolicies.admin, labelsOf) ?? networkPolicies.unknownIn(workload.namespace);
        yield undecided === undefined ? { subject, item: direction, path, message: MISSING[direction] } : { subject, undecided };
      }
    }
  },
});
