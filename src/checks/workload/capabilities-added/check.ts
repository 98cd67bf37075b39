import { BASELINE_CAPABILITIES, capabilitiesOf, describeCapabilities } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { cis, mitre, pss } from '#src/model/references.ts';

/** Reports each container that adds capabilities beyond those a container runtime gives by default. */
export const check = defineContainerCheck({
  id: 'workload/capabilities-added',
  title: 'Containers add no capabilities beyond the default ones',
  severity: 'high',
  tips: [5],
  why: 'A capability is a part of what root may do; many of those outside the default set are enough to leave the container or to watch other pods.',
  fix: 'Remove the capability from securityContext.capabilities.add, and write allowed ones without CAP_ and in capital letters.',
  sources: [pss('baseline', 'Capabilities'), cis('5.2.9'), mitre('T1611')],
  *judge(container) {
    const refused = capabilitiesOf(container, 'add').filter(({ written }) => !BASELINE_CAPABILITIES.has(written));
    const [first] = refused;
    if (first === undefined) return;
    yield { path: first.path, message: `Container ${container.name} adds ${describeCapabilities(refused, BASELINE_CAPABILITIES)}` };
  },
});
