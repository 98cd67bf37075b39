import { ALL_ADDRESSES, union, type AddressRange, type AddressSet } from './addresses.ts';
import type { AdminPolicy, AdminRule } from './admin-policy.ts';
import type { Policy } from './policy.ts';
import { ALL_PORTS, formatPorts, hasPorts, intersectPorts, NO_PORTS, subtractPorts, unitePorts, type PortSet } from './ports.ts';
import { concerns, resolvePorts, type Direction, type NamespaceLabels, type OtherEnd, type Rule } from './rules.ts';
import type { ContainerPort, PodPlace, Workload } from './workloads.ts';

/** The policies of a cluster, as far as they are judged. */
export interface Policies {
  readonly namespaced: readonly Policy[];
  readonly admin: readonly AdminPolicy[];
}

/** The policies that select one workload, in one direction. */
export interface Restriction {
  readonly workload: PodPlace & Pick<Workload, 'ports'>;
  readonly direction: Direction;
  /** By priority. */
  readonly admin: readonly (readonly AdminRule[])[];
  /** Rules of the NetworkPolicies; undefined when none selects it in this direction. */
  readonly rules: readonly Rule[] | undefined;
  readonly baseline: readonly (readonly AdminRule[])[];
  readonly labelsOf: NamespaceLabels;
}

/** Addresses outside of the cluster that may use the same ports. */
export interface AddressesWithPorts {
  readonly addresses: AddressSet;
  readonly ports: PortSet;
}

/** A pod in the network of its node is selected by no policy. */
export function restrictionOf(workload: Restriction['workload'], direction: Direction, policies: Policies, labelsOf: NamespaceLabels): Restriction {
  const own = workload.hostNetwork ? [] : policies.namespaced.filter((policy) => selects(policy, workload) && policy[direction] !== undefined);
  const admin = policies.admin.filter((policy) => policy.selects(workload, labelsOf)).sort((a, b) => a.priority - b.priority);
  return {
    workload,
    direction,
    labelsOf,
    admin: admin.filter(({ baseline }) => !baseline).map((policy) => policy[direction]),
    rules: own.length === 0 ? undefined : own.flatMap((policy) => policy[direction] ?? []),
    baseline: admin.filter(({ baseline }) => baseline).map((policy) => policy[direction]),
  };
}

/** Whether a policy is about a pod. */
export function selects({ namespace, selects }: Policy, pod: PodPlace): boolean {
  return !pod.hostNetwork && namespace === pod.namespace && selects(pod.labels);
}

/** A pod that no policy names. */
export const STRANGER = { pod: { namespace: '', labels: new Map<string, string>(), hostNetwork: false }, ports: [] } as const satisfies OtherEnd;

/** The ports on which policies of administrators let a connection through before NetworkPolicies are asked. */
export function allowedFirst(restriction: Restriction, other: OtherEnd): PortSet {
  return decide(restriction.admin.flat(), portsTo(restriction, other), ALL_PORTS).allowed;
}

/** The ports on which the policies of this end let a connection through. */
export function allowedPorts(restriction: Restriction, other: OtherEnd): PortSet {
  const { labelsOf, rules, admin, baseline } = restriction;
  if (rules === undefined && admin.length === 0 && baseline.length === 0) return ALL_PORTS;
  if (rules !== undefined && admin.length === 0 && baseline.length === 0) {
    // Most pairs of a large cluster end here.
    const named = rules.filter(({ peers }) => concerns(peers, other, labelsOf));
    return named.length === 0 ? NO_PORTS : unitePorts(named.map(({ ports }) => resolvePorts(ports, targetOf(restriction, other))));
  }
  const portsOf = portsTo(restriction, other);
  const first = decide(admin.flat(), portsOf, ALL_PORTS);
  if (rules !== undefined) return unitePorts([first.allowed, intersectPorts(first.open, unitePorts(rules.map(portsOf)))]);
  const last = decide(baseline.flat(), portsOf, first.open);
  return unitePorts([first.allowed, last.allowed, last.open]);
}

function portsTo(restriction: Restriction, other: OtherEnd): (rule: Rule) => PortSet {
  const target = targetOf(restriction, other);
  return (rule) => (concerns(rule.peers, other, restriction.labelsOf) ? resolvePorts(rule.ports, target) : NO_PORTS);
}

/** The ports of the end that is connected to. */
function targetOf({ direction, workload }: Restriction, other: OtherEnd): readonly ContainerPort[] {
  return direction === 'ingress' ? workload.ports : 'pod' in other ? other.ports : [];
}

/** Everybody outside of the cluster, by what the policies of the workload let them do. Those who may do nothing are left out. */
export function allowedOutside(restriction: Restriction): readonly AddressesWithPorts[] {
  const byPorts = new Map<string, { readonly ports: PortSet; readonly ranges: AddressRange[] }>();
  const { admin, rules = [], baseline } = restriction;
  for (const address of cutForRules(ALL_ADDRESSES, [...admin.flat(), ...rules, ...baseline.flat()])) {
    const ports = allowedPorts(restriction, { address });
    if (!hasPorts(ports)) continue;
    const key = formatPorts(ports).join(',');
    const known = byPorts.get(key) ?? { ports, ranges: [] };
    byPorts.set(key, known);
    known.ranges.push(address);
  }
  return [...byPorts.values()].map(({ ports, ranges }) => ({ ports, addresses: union([ranges]) }));
}

/** The first rule that names a connection decides about it. What is passed on, or named by none, stays open. */
function decide(rules: readonly AdminRule[], portsOf: (rule: Rule) => PortSet, asked: PortSet): { readonly allowed: PortSet; readonly open: PortSet } {
  let allowed = NO_PORTS;
  let passed = NO_PORTS;
  let left = asked;
  for (const rule of rules) {
    const decided = intersectPorts(portsOf(rule), left);
    left = subtractPorts(left, decided);
    if (rule.action === 'Allow') allowed = unitePorts([allowed, decided]);
    else if (rule.action === 'Pass') passed = unitePorts([passed, decided]);
  }
  return { allowed, open: unitePorts([passed, left]) };
}

/** The same addresses, in ranges of which no rule takes only some. */
export function cutForRules(addresses: AddressSet, rules: readonly Rule[]): readonly AddressRange[] {
  const named = rules.flatMap(({ peers = [] }) => peers.flatMap((peer) => ('addresses' in peer ? peer.addresses : [])));
  return addresses.flatMap((whole) => {
    const mine = named.filter(({ family }) => family === whole.family);
    const inside = mine.flatMap(({ first, last }) => [first, last + 1n]).filter((start) => start > whole.first && start <= whole.last);
    const starts = [whole.first, ...[...new Set(inside)].sort((a, b) => (a < b ? -1 : 1))];
    return starts.map((first, index) => ({ family: whole.family, first, last: (starts[index + 1] ?? whole.last + 1n) - 1n }));
  });
}
