import { limitRanges } from '#src/facts/limit-ranges.ts';
import { cpuLimitGaps } from '#src/facts/resource-gaps.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes, nsa } from '#src/model/references.ts';

/** Reports each container without a CPU limit that no LimitRange of its namespace gives one. */
export const check = defineClusterCheck({
  id: 'workload/no-cpu-limit',
  title: 'Containers have a CPU limit',
  severity: 'low',
  tips: [5],
  why: 'A container that spins, or mines for somebody else, takes all the CPU time of its node that others have not reserved.',
  fix: 'Set resources.limits.cpu on the container, or a default in a LimitRange of the namespace.',
  sources: [nsa('Network separation and hardening: Resource policies'), kubernetes('Limit Ranges', 'concepts/policy/limit-range/')],
  needs: { gaps: cpuLimitGaps, limitRanges },
  *judge({ gaps, limitRanges }) {
    for (const { namespace, ...place } of gaps) {
      if (limitRanges.fills(namespace, 'limits', 'cpu')) continue;
      yield { ...place, message: `Container ${place.container} has no CPU limit` };
    }
  },
});
