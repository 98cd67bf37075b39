import { capabilitiesOf, describeCapabilities } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { exemptAsWindows, PSS_SINCE } from '#src/model/pod-security.ts';
import { pss } from '#src/model/references.ts';

const RESTRICTED: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);

/** Reports each container that adds a capability other than the one for ports below 1024. */
export const check = defineContainerCheck({
  id: 'workload/capabilities-beyond-net-bind',
  title: 'Containers add no capability but NET_BIND_SERVICE',
  severity: 'medium',
  tips: [5],
  why: 'Every added capability is a piece of root that an attacker in the container has as well.',
  fix: 'Remove the capability from securityContext.capabilities.add.',
  sources: [pss('restricted', 'Capabilities')],
  *judge(container, pod, { version }) {
    if (version.minor < PSS_SINCE.restrictedCapabilities || exemptAsWindows(pod, version)) return;
    const refused = capabilitiesOf(container, 'add').filter(({ written }) => !RESTRICTED.has(written));
    const [first] = refused;
    if (first === undefined) return;
    yield { path: first.path, message: `Container ${container.name} adds ${describeCapabilities(refused, RESTRICTED)}` };
  },
});
