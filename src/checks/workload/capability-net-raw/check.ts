import { capabilitiesOf, describeCapabilities } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { cis } from '#src/model/references.ts';

const NET_RAW: ReadonlySet<string> = new Set(['NET_RAW', 'ALL']);

/**
 * Reports each container that may forge packets.
 *
 * Runtimes take names in any case, but some of them drop nothing when the name is written with `CAP_`.
 */
export const check = defineContainerCheck({
  id: 'workload/capability-net-raw',
  title: 'Containers give up the capability NET_RAW',
  severity: 'low',
  tips: [5],
  why: 'With NET_RAW, which runtimes give by default, a container can forge packets and pose as another pod or as the DNS server.',
  fix: 'Add NET_RAW, or better ALL, to securityContext.capabilities.drop, written without CAP_.',
  sources: [cis('5.2.8')],
  *judge(container, pod) {
    if (pod.windows) return;
    const added = capabilitiesOf(container, 'add').find(({ name }) => name === 'NET_RAW');
    if (added !== undefined) {
      yield { path: added.path, message: `Container ${container.name} adds the capability NET_RAW` };
      return;
    }
    const dropped = capabilitiesOf(container, 'drop');
    if (dropped.some(({ written }) => NET_RAW.has(written.toUpperCase()))) return;
    const misspelled = dropped.filter(({ name }) => NET_RAW.has(name));
    yield {
      path: ['securityContext', 'capabilities', 'drop'],
      message: misspelled.length === 0 ? `Container ${container.name} keeps the capability NET_RAW` : `Container ${container.name} drops ${describeCapabilities(misspelled, NET_RAW)}`,
    };
  },
});
