import type { Entrances } from '#src/facts/entrances.ts';
import type { NetworkWorkload } from '#src/facts/network-workloads.ts';
import type { Nodes } from '#src/facts/nodes.ts';
import type { KnownService } from '#src/facts/services.ts';
import type { ClusterProblem } from '#src/model/check.ts';
import type { Reach } from '#src/model/finding.ts';
import { compareDoors, describeExposure, doorPath, doorsOf, doorWord, exposuresOf, type Exposure } from '#src/network/exposure.ts';

export interface WaysIn {
  readonly networkWorkloads: readonly NetworkWorkload[];
  readonly services: readonly KnownService[];
  readonly entrances: Entrances;
  readonly nodes: Nodes;
}

/** A workload that the internet reaches, with every way to it, the widest first. */
export interface ExposedWorkload {
  readonly workload: NetworkWorkload;
  readonly first: Exposure;
  readonly ways: readonly Exposure[];
  /** The only ways are ports of nodes of which none has a public address. */
  readonly onlyInside: boolean;
}

/** Workloads that are not stock and that something outside leads to. */
export function exposedWorkloads({ networkWorkloads, services, entrances, nodes }: WaysIn, complete: boolean): readonly ExposedWorkload[] {
  const doors = doorsOf({ services, ...entrances, complete }).toSorted(compareDoors);
  const exposures = exposuresOf(networkWorkloads.filter(({ subject }) => !subject.stock), doors);
  const nodesAreInside = nodes.names.size > 0 && nodes.publicNode === undefined;
  return [...Map.groupBy(exposures, ({ workload }) => workload)].flatMap(([workload, ways]) => {
    const [first] = ways;
    return first === undefined ? [] : [{ workload, first, ways, onlyInside: nodesAreInside && ways.every(({ door }) => door.kind === 'node-port') }];
  });
}

/** Where the finding stands and what it rests on. */
export function placeOf({ workload, first, ways }: ExposedWorkload): Pick<ClusterProblem, 'subject' | 'path' | 'evidence' | 'related'> {
  const refs = ways.flatMap(({ door }) => (door.kind === 'route' ? [door.ref, door.service.ref] : [door.ref]));
  return { subject: workload.subject, path: workload.path, evidence: describeExposure(first), related: [...new Set(refs)] };
}

/** For those who are to know when something comes to be reached. */
export function reachOf({ workload: { replicas, owner }, ways }: ExposedWorkload): Reach {
  return { doors: [...new Set(ways.map(({ door }) => doorPath(door)))], ...(replicas !== undefined && { pods: replicas }), ...(owner !== undefined && { owner }) };
}

/** `LoadBalancer shop/web and 2 other ways` */
export function describeWays({ first, ways }: ExposedWorkload): string {
  const words = [...new Set(ways.map(({ door }) => doorWord(door)))];
  const others = words.length - 1;
  return `${doorWord(first.door)}${others === 0 ? '' : ` and ${others} other way${others === 1 ? '' : 's'}`}`;
}
