import { defineContainerCheck } from '#src/model/check.ts';
import { PSS_SINCE } from '#src/model/pod-security.ts';
import { textAt } from '#src/model/raw.ts';
import { pss } from '#src/model/references.ts';

const HANDLERS = [['livenessProbe'], ['readinessProbe'], ['startupProbe'], ['lifecycle', 'postStart'], ['lifecycle', 'preStop']];
const ACTIONS = ['httpGet', 'tcpSocket'];

/** Reports each container that makes the kubelet connect to a host of its choice, through a probe or a lifecycle hook. */
export const check = defineContainerCheck({
  id: 'workload/host-probe',
  title: 'Probes and lifecycle hooks connect to their own pod only',
  severity: 'medium',
  tips: [5],
  why: 'The kubelet makes these connections from the node, past network policies: whoever writes the pod can use it to reach and scan what the pod itself cannot.',
  fix: 'Remove host from httpGet and tcpSocket, so that the address of the pod is used.',
  sources: [pss('baseline', 'Host Probes / Lifecycle Hooks')],
  *judge(container, _pod, { version }) {
    if (version.minor < PSS_SINCE.hostProbes) return;
    const paths = HANDLERS.flatMap((handler) => ACTIONS.map((action) => [...handler, action, 'host']));
    const chosen = paths.flatMap((path) => {
      const host = textAt(container.raw, ...path) ?? '';
      return host === '' ? [] : [{ path, host }];
    });
    const [first] = chosen;
    if (first === undefined) return;
    yield { path: first.path, message: `Container ${container.name} makes the kubelet connect to ${[...new Set(chosen.map(({ host }) => host))].join(', ')}` };
  },
});
