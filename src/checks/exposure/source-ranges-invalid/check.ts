import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { textAt } from '#src/model/raw.ts';
import { parseRange } from '#src/network/addresses.ts';
import { balancerOf } from '#src/network/load-balancer.ts';

/** Reports each load balancer with source ranges that no provider can read. */
export const check = defineObjectCheck({
  id: 'exposure/source-ranges-invalid',
  title: 'Source ranges of load balancers are CIDRs',
  severity: 'medium',
  tips: [3],
  why: 'Providers leave out what they cannot read, or refuse the change: who is let in is not what is written.',
  fix: 'Write each range as a CIDR, such as 198.51.100.0/24.',
  sources: [kubernetes('Service', 'concepts/services-networking/service/#loadbalancer')],
  kinds: ['Service'],
  *judge(service) {
    if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return;
    const wrong = balancerOf(service).written.filter((text) => !text.includes('/') || parseRange(text) === undefined);
    if (wrong.length > 0) yield { path: ['spec', 'loadBalancerSourceRanges'], message: `Not a CIDR among its source ranges: ${wrong.join(', ')}` };
  },
});
