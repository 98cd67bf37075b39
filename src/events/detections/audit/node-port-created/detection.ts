import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { cis, kubernetes } from '#src/model/references.ts';
import { PUBLISHING_VERBS, serviceMade } from '../service-published.ts';

/** Tells of each Service that was made one of type NodePort. */
export const detection = defineDetection({
  id: 'audit/node-port-created',
  title: 'A Service was opened on every node',
  severity: 'medium',
  tips: [8, 3],
  why: 'A NodePort listens on every node, whatever stands in front of the cluster, and past the logs and limits of the load balancer.',
  fix: 'Ask whoever made it whether it is wanted; use a ClusterIP behind an Ingress where it is not.',
  sources: [kubernetes('Service, type NodePort', 'concepts/services-networking/service/#type-nodeport'), cis('5.3.2')],
  audit: {
    resources: ['services'],
    verbs: PUBLISHING_VERBS,
    *judge(event) {
      const made = serviceMade(event, 'NodePort');
      if (made === undefined) return;
      if ('undecided' in made) return yield made;
      yield { message: `${userName(event)} opened ${objectName(event)} on every node` };
    },
  },
});
