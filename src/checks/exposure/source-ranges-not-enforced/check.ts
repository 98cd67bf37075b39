import { nodes } from '#src/facts/nodes.ts';
import { services, type KnownService } from '#src/facts/services.ts';
import type { Nodes } from '#src/facts/nodes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { cloudWithoutRanges } from '#src/network/load-balancer.ts';

/** Reports each load balancer whose source ranges can be passed by, as far as the nodes show it. */
export const check = defineClusterCheck({
  id: 'exposure/source-ranges-not-enforced',
  title: 'Source ranges of load balancers hold',
  severity: 'medium',
  tips: [3],
  why: 'The ranges are taken for a lock, while anybody walks around it.',
  fix: 'Set allocateLoadBalancerNodePorts to false where the provider needs no node ports, close them in the firewall of the nodes, and filter in the ingress controller where the provider cannot.',
  sources: [
    kubernetes('Service: disabling load balancer node port allocation', 'concepts/services-networking/service/#load-balancer-nodeport-allocation'),
    { title: 'hcloud-cloud-controller-manager issue 218: loadBalancerSourceRange', url: 'https://github.com/hetznercloud/hcloud-cloud-controller-manager/issues/218' },
  ],
  needs: { services, nodes },
  *judge({ services, nodes }) {
    for (const service of services) {
      const way = service.subject.stock ? undefined : wayAround(service, nodes);
      if (way !== undefined) yield { subject: service.subject, path: ['spec', 'loadBalancerSourceRanges'], message: way };
    }
  },
});

function wayAround({ balancer, allocatesNodePorts, ports }: KnownService, { clouds, publicNode }: Nodes): string | undefined {
  if (balancer?.ranges === undefined) return undefined;
  const provider = cloudWithoutRanges(clouds);
  if (provider !== undefined) return `Its source ranges have no effect: load balancers of ${provider} do not filter by them`;
  const nodePort = ports.find((port) => port.nodePort !== undefined)?.nodePort;
  if (nodePort === undefined || !allocatesNodePorts || publicNode === undefined) return undefined;
  return `Its source ranges can be passed by: port ${nodePort} of node ${publicNode}, which has a public address, leads to the same pods`;
}
