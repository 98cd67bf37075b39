import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes, mitre } from '#src/model/references.ts';
import { textAt } from '#src/model/raw.ts';
import { balancerOf } from '#src/network/load-balancer.ts';

/** Reports each load balancer that the whole internet reaches. What its address proves counts more than its annotations. */
export const check = defineObjectCheck({
  id: 'exposure/load-balancer-open',
  title: 'Load balancers let in only those who need them',
  severity: 'high',
  tips: [3],
  why: 'Everybody on the internet may talk to the pods behind it, and tries all day what they let through.',
  fix: 'List the ranges that may use it in spec.loadBalancerSourceRanges, or make it internal with the annotation of the provider.',
  sources: [kubernetes('Create an External Load Balancer', 'tasks/access-application-cluster/create-external-load-balancer/'), mitre('T1190')],
  kinds: ['Service'],
  *judge(service) {
    if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return;
    const { internal, ranges, written } = balancerOf(service);
    if (internal || ranges !== undefined) return;
    yield {
      path: written.length === 0 ? ['spec', 'type'] : ['spec', 'loadBalancerSourceRanges'],
      message: written.length === 0 ? 'Its load balancer lets in the whole internet' : `The source ranges of its load balancer leave nobody out: ${written.join(', ')}`,
    };
  },
});
