import { entrances } from '#src/facts/entrances.ts';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import { nodes } from '#src/facts/nodes.ts';
import { services } from '#src/facts/services.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { describeWays, exposedWorkloads, placeOf, reachOf } from '../ways-in.ts';

/**
 * Reports each workload that a load balancer, a node port, an Ingress or a route leads to from the internet, with the way.
 *
 * Internal load balancers and proxies, and those that let only some addresses in, are no way. Ports of nodes that are known to have
 * no public address count as medium.
 */
export const check = defineClusterCheck({
  id: 'exposure/internet-exposed-workload',
  title: 'Workloads that the internet reaches are known and meant to be',
  severity: 'high',
  tips: [3],
  why: 'Whoever finds a hole in it, or a password for it, is inside of the cluster.',
  fix: 'Take the Service, Ingress or route away if nobody outside needs it; else restrict its sources, and put authentication in front.',
  sources: [nsa('Network separation and hardening'), mitre('T1190')],
  needs: { networkWorkloads, services, entrances, nodes },
  *judge(facts, { complete }) {
    for (const exposed of exposedWorkloads(facts, complete === true)) {
      yield { ...placeOf(exposed), ...(exposed.onlyInside ? { severity: 'medium' } : { reach: reachOf(exposed) }), message: `The internet reaches it through ${describeWays(exposed)}` };
    }
  },
});
