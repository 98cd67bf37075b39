import { limitRanges } from '#src/facts/limit-ranges.ts';
import { memoryLimitGaps } from '#src/facts/resource-gaps.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';

/** Reports each container without a memory limit that no LimitRange of its namespace gives one. */
export const check = defineClusterCheck({
  id: 'workload/no-memory-limit',
  title: 'Containers have a memory limit',
  severity: 'medium',
  tips: [5],
  why: 'A container that leaks memory, or is made to, takes what its node has left, and the kernel then kills pods of others.',
  fix: 'Set resources.limits.memory on the container, or a default in a LimitRange of the namespace.',
  sources: [nsa('Network separation and hardening: Resource policies'), kubernetes('Limit Ranges', 'concepts/policy/limit-range/')],
  needs: { gaps: memoryLimitGaps, limitRanges },
  *judge({ gaps, limitRanges }) {
    for (const { namespace, ...place } of gaps) {
      if (limitRanges.fills(namespace, 'limits', 'memory')) continue;
      yield { ...place, message: `Container ${place.container} has no memory limit` };
    }
  },
});
