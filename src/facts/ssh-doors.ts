import { defineFacts, type Subject } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { parseLabelSelector } from '#src/model/label-selector.ts';
import { at, integerAt, listAt, objectAt, objectsAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { runsSshServer, SSH_PORT, UNPRIVILEGED_SSH_PORT } from '#src/model/ssh.ts';
import { podOf, type PodView } from '#src/model/workload.ts';

/** A port for SSH that is written in a workload or Service. */
export interface SshPort {
  readonly subject: Subject;
  /** Absent for a Service. */
  readonly container?: string;
  /** What is 22: `containerPort`, `nodePort`. */
  readonly fields: readonly string[];
  /** From the root of the object to the entry. */
  readonly path: readonly Step[];
}

/** A Service that reaches from outside to a port on which images without root run their SSH server. */
export interface ExposedDoor {
  readonly subject: Subject;
  readonly namespace: string;
  readonly selects: (labels: ReadonlyMap<string, string>) => boolean;
  /** Number, or name of a container port. */
  readonly target: number | string;
  readonly path: readonly Step[];
}

/** A workload that runs an SSH server. */
export interface SshServer {
  readonly subject: Subject;
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Names of container ports that are 2222. */
  readonly portNames: ReadonlySet<string>;
}

export interface SshDoors {
  readonly ports: readonly SshPort[];
  readonly exposed: readonly ExposedDoor[];
  readonly servers: readonly SshServer[];
}

/** What in the cluster is there to be logged in to. */
export const sshDoors = defineFacts({
  name: 'ssh-doors',
  reads: ['Service', ...WORKLOAD_KINDS],
  keeps: 'each port 22, each workload with an SSH server, and the ports that Services show to the outside',
  start: () => ({ ports: [] as SshPort[], exposed: [] as ExposedDoor[], servers: [] as SshServer[] }),
  add(state, object, subject) {
    const pod = podOf(object);
    if (pod === undefined) {
      addService(state, object, subject);
      return;
    }
    state.ports.push(...pod.containers.flatMap(({ name, raw, path }) => portsOf(raw, 'ports', ['containerPort', 'hostPort'], path).map((port) => ({ ...port, subject, container: name }))));
    if (pod.containers.some(runsSshServer)) state.servers.push({ subject, namespace: subject.ref.namespace ?? 'default', labels: pod.labels, portNames: namesOf(pod) });
  },
  finish: (state): SshDoors => state,
});

function addService({ ports, exposed }: { readonly ports: SshPort[]; readonly exposed: ExposedDoor[] }, object: RawObject, subject: Subject): void {
  const spec = objectAt(object, 'spec') ?? {};
  ports.push(...portsOf(spec, 'ports', ['port', 'targetPort', 'nodePort'], ['spec']).map((port) => ({ ...port, subject })));
  const selector = objectAt(spec, 'selector');
  if (selector === undefined || !isExposed(spec)) return;
  const selects = parseLabelSelector({ matchLabels: selector });
  for (const [index, entry] of objectsAt(spec, 'ports')) {
    if (!isTcp(entry)) continue;
    const target = textAt(entry, 'targetPort') ?? integerAt(entry, 'targetPort') ?? integerAt(entry, 'port');
    if (target !== undefined) exposed.push({ subject, namespace: subject.ref.namespace ?? 'default', selects, target, path: ['spec', 'ports', index] });
  }
}

function isExposed(spec: RawObject): boolean {
  return ['NodePort', 'LoadBalancer'].includes(textAt(spec, 'type') ?? '') || listAt(spec, 'externalIPs').length > 0;
}

function portsOf(value: RawObject, list: string, fields: readonly string[], path: readonly Step[]): readonly Omit<SshPort, 'subject' | 'container'>[] {
  return objectsAt(value, list).flatMap(([index, entry]) => {
    const open = isTcp(entry) ? fields.filter((field) => Number(at(entry, field)) === SSH_PORT) : [];
    return open.length === 0 ? [] : [{ fields: open, path: [...path, list, index] }];
  });
}

function isTcp(entry: RawObject): boolean {
  return (textAt(entry, 'protocol') ?? 'TCP') === 'TCP';
}

function namesOf(pod: PodView): ReadonlySet<string> {
  const entries = pod.containers.flatMap(({ raw }) => objectsAt(raw, 'ports').map(([, entry]) => entry));
  return new Set(entries.filter((entry) => integerAt(entry, 'containerPort') === UNPRIVILEGED_SSH_PORT).flatMap((entry) => textAt(entry, 'name') ?? []));
}
