import { limitRanges } from '#src/facts/limit-ranges.ts';
import { cpuRequestGaps, memoryRequestGaps } from '#src/facts/resource-gaps.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { RESOURCES } from '#src/model/resources.ts';

/** Reports each container that reserves nothing: no request, no limit that would stand for it, no LimitRange that fills it in. */
export const check = defineClusterCheck({
  id: 'workload/no-resource-requests',
  title: 'Containers say what they need',
  severity: 'low',
  tips: [5],
  why: 'The scheduler counts such a container as nothing: nodes fill up, and it is the first to be slowed down or evicted.',
  fix: 'Set resources.requests on the container, or a defaultRequest in a LimitRange of the namespace.',
  sources: [
    kubernetes('Resource Management for Pods and Containers', 'concepts/configuration/manage-resources-containers/'),
    kubernetes('Limit Ranges', 'concepts/policy/limit-range/'),
  ],
  items: {
    cpu: { title: 'Containers request CPU' },
    memory: { title: 'Containers request memory' },
  },
  needs: { cpu: cpuRequestGaps, memory: memoryRequestGaps, limitRanges },
  *judge({ limitRanges, ...gaps }) {
    for (const item of RESOURCES) {
      for (const { namespace, ...place } of gaps[item]) {
        if (limitRanges.fills(namespace, 'requests', item)) continue;
        yield { ...place, item, message: `Container ${place.container} requests no ${item === 'cpu' ? 'CPU' : item}` };
      }
    }
  },
});
