import { entrances } from '#src/facts/entrances.ts';
import { networkWorkloads } from '#src/facts/network-workloads.ts';
import { services } from '#src/facts/services.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { doorsOf, doorWord, type Door } from '#src/network/exposure.ts';
import { hasPort, unitePorts, type PortSet } from '#src/network/ports.ts';
import { choosesPod, targetPorts } from '#src/network/services.ts';
import type { Workload } from '#src/network/workloads.ts';

/** Ports of the control plane and of nodes, with what answers there. */
const PORTS: ReadonlyMap<number, string> = new Map([
  [2379, 'etcd'],
  [2380, 'etcd'],
  [10250, 'the kubelet'],
  [10255, 'the kubelet without authentication'],
  [10257, 'the controller manager'],
  [10259, 'the scheduler'],
]);

/** Reports each Service that leads from outside to a port of etcd, the kubelet or the control plane, and each container that opens one on its node. */
export const check = defineClusterCheck({
  id: 'exposure/etcd-or-kubelet-port-exposed',
  title: 'Ports of etcd, kubelets and the control plane are not reached from outside',
  severity: 'critical',
  tips: [3],
  why: 'Who talks to etcd or to a kubelet owns every Secret and every pod, and needs no account of the cluster for that.',
  fix: 'Remove the Service or host port, and close the port in the firewall to everybody but the control plane.',
  sources: [nsa('Network separation and hardening: Etcd'), nsa('Network separation and hardening: Control plane hardening'), mitre('T1133')],
  needs: { networkWorkloads, services, entrances },
  *judge({ networkWorkloads, services, entrances }, { complete }) {
    const subjects = new Map(services.map((service) => [service.ref, service.subject]));
    const seen = new Set<Door['service']>();
    for (const door of doorsOf({ services, ...entrances, complete: complete === true })) {
      const subject = subjects.get(door.service.ref);
      const found = component(portsBehind(door, networkWorkloads));
      if (subject === undefined || subject.stock || found === undefined || seen.has(door.service)) continue;
      seen.add(door.service);
      yield { subject, path: ['spec', 'ports'], message: `It leads from outside to port ${found.port} of ${found.name}, through ${doorWord(door)}`, related: [door.ref] };
    }
    for (const { subject, hostPorts } of networkWorkloads) {
      const opened = subject.stock ? undefined : hostPorts.find(({ port }) => PORTS.has(port));
      if (opened === undefined) continue;
      yield { subject, container: opened.container, path: opened.path, message: `Container ${opened.container} opens port ${opened.port} of its node, where ${PORTS.get(opened.port) ?? ''} answers` };
    }
  },
});

/** Also of a Service without pods of its own, whose endpoints somebody writes. */
function portsBehind({ service, port }: Door, workloads: readonly Workload[]): PortSet {
  const chosen = workloads.filter((workload) => choosesPod(service, workload));
  return unitePorts([targetPorts(service, { ports: [] }, port), ...chosen.map((workload) => targetPorts(service, workload, port))]);
}

function component(ports: PortSet): { readonly port: number; readonly name: string } | undefined {
  const [found] = [...PORTS].filter(([port]) => hasPort(ports, 'TCP', port));
  return found === undefined ? undefined : { port: found[0], name: found[1] };
}
