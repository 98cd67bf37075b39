import { defineContainerCheck } from '#src/model/check.ts';
import { integerAt, knownObjectsAt, knownOf, unknownLast } from '#src/model/raw.ts';
import { cis, pss } from '#src/model/references.ts';

/**
 * Reports each container that opens a port of its node.
 *
 * In a pod with `hostNetwork` every port is one of the node; workload/host-network says that, and only written host ports are reported here.
 */
export const check = defineContainerCheck({
  id: 'exposure/host-port',
  title: 'Containers open no ports of their node',
  severity: 'medium',
  tips: [3],
  why: 'Whoever reaches the node reaches the container, past Services, load balancers and often network policies.',
  fix: 'Remove hostPort, and publish the port through a Service.',
  sources: [pss('baseline', 'Host Ports'), cis('5.2.12')],
  *judge(container) {
    const opened = knownOf(unknownLast(knownObjectsAt(container.raw, 'ports'), ([index, entry]) => {
      const port = integerAt(entry, 'hostPort') ?? 0;
      return port === 0 ? [] : [{ index, port }];
    }));
    const [first] = opened;
    if (first === undefined) return;
    yield {
      path: ['ports', first.index, 'hostPort'],
      message: `Container ${container.name} opens ${opened.length === 1 ? 'port' : 'ports'} ${opened.map(({ port }) => port).join(', ')} of its node`,
    };
  },
});
