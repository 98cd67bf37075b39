import { capabilitiesOf, describeCapabilities } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { exemptAsWindows, PSS_SINCE } from '#src/model/pod-security.ts';
import { cis, pss } from '#src/model/references.ts';

const ALL: ReadonlySet<string> = new Set(['ALL']);

/** Reports each container that keeps capabilities the container runtime gives by default. */
export const check = defineContainerCheck({
  id: 'workload/capabilities-not-dropped',
  title: 'Containers drop all capabilities',
  severity: 'medium',
  tips: [5],
  why: 'The default capabilities let root in a container change owners of files, forge packets and create device files; hardly any program needs them.',
  fix: 'Set securityContext.capabilities.drop to [ALL], and add NET_BIND_SERVICE where a port below 1024 is opened.',
  sources: [pss('restricted', 'Capabilities'), cis('5.2.9')],
  *judge(container, pod, { version }) {
    if (version.minor < PSS_SINCE.restrictedCapabilities || exemptAsWindows(pod, version)) return;
    const dropped = capabilitiesOf(container, 'drop');
    if (dropped.some(({ written }) => ALL.has(written))) return;
    yield {
      path: ['securityContext', 'capabilities', 'drop'],
      message: dropped.length === 0 ? `Container ${container.name} drops no capabilities` : `Container ${container.name} drops only ${describeCapabilities(dropped, ALL)}`,
    };
  },
});
