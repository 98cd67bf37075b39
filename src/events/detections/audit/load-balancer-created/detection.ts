import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { kubernetes } from '#src/model/references.ts';
import { balancerOf } from '#src/network/load-balancer.ts';
import { PUBLISHING_VERBS, serviceMade } from '../service-published.ts';

/** Tells of each Service that was made one with a load balancer which is not for the provider's own network alone. */
export const detection = defineDetection({
  id: 'audit/load-balancer-created',
  title: 'A Service was published by a load balancer',
  severity: 'medium',
  tips: [8, 3],
  why: 'From that moment the Internet reaches it, wanted or by accident.',
  fix: 'Ask whoever made it whether it is meant for the public; mark it internal or narrow its source ranges where it is not.',
  sources: [kubernetes('Service, type LoadBalancer', 'concepts/services-networking/service/#loadbalancer')],
  audit: {
    resources: ['services'],
    verbs: PUBLISHING_VERBS,
    *judge(event) {
      const made = serviceMade(event, 'LoadBalancer');
      if (made === undefined) return;
      if ('undecided' in made) return yield made;
      if (!balancerOf(made.body).internal) yield { message: `${userName(event)} published ${objectName(event)} by a load balancer` };
    },
  },
});
