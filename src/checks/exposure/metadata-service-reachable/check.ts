import { namespaces } from '#src/facts/namespaces.ts';
import { networkPolicies } from '#src/facts/network-policies.ts';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import { nodes } from '#src/facts/nodes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { nsa } from '#src/model/references.ts';
import { parseRange } from '#src/network/addresses.ts';
import { isRestrictedByPlugin, unclearFor } from '#src/network/coverage.ts';
import { allowedPorts, restrictionOf, type Restriction } from '#src/network/evaluate.ts';
import { hasPort } from '#src/network/ports.ts';
import { namespaceLabels } from '#src/network/rules.ts';

/** Where clouds serve it. Over IPv6 only Amazon does. */
const ADDRESSES = ['169.254.169.254', 'fd00:ec2::254'];
const PORT = 80;
const DISAGREE = 'policies of administrators with the same priority disagree, and nobody can tell which comes first';

/**
 * Reports each workload from which the metadata service of the cloud can be asked.
 *
 * In a cluster whose nodes are of no cloud there is none. What a policy of Cilium or Calico lets through is not known here.
 */
export const check = defineClusterCheck({
  id: 'exposure/metadata-service-reachable',
  title: 'Pods cannot ask the metadata service of the cloud',
  severity: 'medium',
  tips: [3],
  why: 'It hands out credentials of the node to whoever asks: a request that a web server is talked into making is enough.',
  fix: 'Allow outgoing connections by policy, with 169.254.169.254/32 among the exceptions of wide ranges, and let the provider protect the service (IMDSv2 with one hop, Workload Identity).',
  sources: [nsa('Network separation and hardening: Protecting sensitive cloud infrastructure')],
  needs: { namespaces, networkPolicies, networkWorkloads, nodes },
  *judge({ namespaces, networkPolicies, networkWorkloads, nodes }) {
    if (nodes.names.size > 0 && nodes.clouds.size === 0) {
      yield { notEvaluated: 'the nodes are of no cloud that is known' };
      return;
    }
    const labelsOf = namespaceLabels(new Map([...namespaces].map(([name, { labels }]) => [name, labels])));
    for (const workload of networkWorkloads) {
      const { subject, path, hostNetwork } = workload;
      if (subject.stock) continue;
      const { admin } = networkPolicies;
      const reached = reachedFrom(restrictionOf(workload, 'egress', networkPolicies, labelsOf));
      // Of two with the same priority, any may come first.
      const turned = admin.length < 2 ? reached : reachedFrom(restrictionOf(workload, 'egress', { ...networkPolicies, admin: admin.toReversed() }, labelsOf));
      const undecided = unclearFor(workload, 'egress', admin, labelsOf) ?? (reached === turned ? undefined : DISAGREE);
      if (undecided !== undefined) yield { subject, undecided };
      if (undecided !== undefined || reached === undefined) continue;
      const unknown = hostNetwork ? undefined : networkPolicies.unknownIn(workload.namespace);
      if (unknown !== undefined) yield { subject, undecided: unknown };
      else if (isRestrictedByPlugin(workload, 'egress', networkPolicies, labelsOf)) yield { undecided: 'a policy that only the network plugin reads limits outgoing connections' };
      else yield { subject, path, message: `It can ask the metadata service of the cloud at ${reached}${hostNetwork ? ', because it is in the network of its node' : ''}` };
    }
  },
});

function reachedFrom(restriction: Restriction): string | undefined {
  return ADDRESSES.find((text) => (parseRange(text) ?? []).some((address) => hasPort(allowedPorts(restriction, { address }), 'TCP', PORT)));
}
