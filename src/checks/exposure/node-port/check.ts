import { nodes } from '#src/facts/nodes.ts';
import { services } from '#src/facts/services.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes, mitre } from '#src/model/references.ts';

/** Reports each Service of type NodePort. It is high where a node has a public address of its own. */
export const check = defineClusterCheck({
  id: 'exposure/node-port',
  title: 'Services open no ports of the nodes',
  severity: 'medium',
  tips: [3],
  why: 'Every node answers on that port, to everybody who reaches any of them, and no load balancer or Ingress stands in between.',
  fix: 'Make the Service a ClusterIP and publish it through an Ingress, a Gateway or a restricted load balancer.',
  sources: [kubernetes('Service: type NodePort', 'concepts/services-networking/service/#type-nodeport'), mitre('T1190')],
  needs: { services, nodes },
  *judge({ services, nodes: { publicNode } }) {
    for (const { type, ports, subject } of services) {
      if (type !== 'NodePort' || subject.stock) continue;
      const numbers = ports.flatMap(({ nodePort }) => nodePort ?? []);
      const opened = numbers.length === 0 ? 'a port' : `port${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`;
      yield {
        subject,
        ...(publicNode !== undefined && { severity: 'high' }),
        path: ['spec', 'type'],
        message: `It opens ${opened} of every node${publicNode === undefined ? '' : `; node ${publicNode} has a public address`}`,
      };
    }
  },
});
