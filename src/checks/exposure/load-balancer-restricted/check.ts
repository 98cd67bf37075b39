import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { textAt } from '#src/model/raw.ts';
import { formatSet } from '#src/network/addresses.ts';
import { balancerOf } from '#src/network/load-balancer.ts';

/** Lists each load balancer that not everybody reaches: the inventory of what leads in. */
export const check = defineObjectCheck({
  id: 'exposure/load-balancer-restricted',
  title: 'Restricted load balancers are known',
  severity: 'info',
  tips: [3],
  why: 'A load balancer is a way in from outside of the cluster, and its limits hold only as long as nobody changes them.',
  fix: 'Review now and then who is still meant to use it.',
  sources: [kubernetes('Create an External Load Balancer', 'tasks/access-application-cluster/create-external-load-balancer/')],
  kinds: ['Service'],
  *judge(service) {
    if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return;
    const { internal, because, ranges } = balancerOf(service);
    const limits = ranges === undefined ? '' : `lets in only ${formatSet(ranges).join(', ')}`;
    if (internal) yield { path: ['spec', 'type'], message: `Its load balancer is internal: ${because ?? ''}${limits === '' ? '' : `; it ${limits}`}` };
    else if (ranges !== undefined) yield { path: ['spec', 'loadBalancerSourceRanges'], message: `Its load balancer ${limits}` };
  },
});
