import { entrances } from '#src/facts/entrances.ts';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import { nodes } from '#src/facts/nodes.ts';
import { services } from '#src/facts/services.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { adminInterfaceOf } from '../admin-interfaces.ts';
import { describeWays, exposedWorkloads, placeOf } from '../ways-in.ts';

/** Reports each known administration interface that the internet reaches. A ClusterIP Service alone is no way in. */
export const check = defineClusterCheck({
  id: 'exposure/admin-ui-exposed',
  title: 'Administration interfaces are not on the internet',
  severity: 'critical',
  tips: [3],
  why: 'Scanners find such an interface within hours; with one hole or weak password in it the whole system it administers is gone.',
  fix: 'Take it off the internet, and reach it through a VPN, kubectl port-forward or a proxy that signs people in first.',
  sources: [nsa('Network separation and hardening'), mitre('T1133')],
  needs: { networkWorkloads, services, entrances, nodes },
  *judge(facts, { complete }) {
    for (const exposed of exposedWorkloads(facts, complete === true)) {
      const name = adminInterfaceOf(exposed.workload);
      if (name === undefined) continue;
      yield { ...placeOf(exposed), ...(exposed.onlyInside && { severity: 'high' }), message: `The internet reaches ${name} through ${describeWays(exposed)}` };
    }
  },
});
