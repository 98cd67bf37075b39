import type { RawObject } from '#src/model/raw.ts';
import type { Protocol } from '#src/network/ports.ts';
import type { Direction } from '#src/network/rules.ts';
import type { seededRandom } from './rights-world.ts';

type Random = ReturnType<typeof seededRandom>;
type Action = 'Accept' | 'Deny' | 'Pass';

interface ModelPod {
  readonly name: string;
  readonly namespace: string;
  readonly app: string;
  readonly hostNetwork: boolean;
  /** Its port named `web`. */
  readonly web: number;
}

/** A pod, or an address outside. */
export type End = ModelPod | string;

/** Undefined namespaces and apps are all of them. */
interface Chosen {
  readonly namespace?: string | undefined;
  readonly app?: string | undefined;
}

type ModelPeer = { readonly pods: Chosen } | { readonly network: string } | { readonly nodes: true };
type ModelPort = { readonly protocol: Protocol; readonly first: number; readonly last: number } | { readonly name: 'web' };

interface ModelRule {
  readonly action: Action;
  readonly peers: readonly ModelPeer[];
  readonly ports: readonly ModelPort[];
}

interface ModelPolicy extends Readonly<Record<Direction, readonly ModelRule[]>> {
  readonly tier: 'Admin' | 'NetworkPolicy' | 'Baseline';
  readonly priority: number;
  readonly subject: Chosen;
}

/** A small cluster at random: as objects of Kubernetes, and as the data that they were written from. */
interface PolicyWorld {
  readonly ends: readonly End[];
  readonly policies: readonly ModelPolicy[];
  readonly objects: readonly RawObject[];
  readonly probes: readonly { readonly protocol: Protocol; readonly port: number }[];
}

const NAMESPACES = ['shop', 'pay'];
const APPS = ['x', 'y'];
/** Networks, and who of the outside is in them. Those of all addresses hold for pods too. */
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['203.0.113.7', '198.51.100.7', '9.9.9.9'],
  '::/0': ['2001:db8::1', '2a00::1'],
  '203.0.113.0/24': ['203.0.113.7'],
  '192.0.0.0/3': ['203.0.113.7', '198.51.100.7'],
  '2001:db8::/32': ['2001:db8::1'],
};
const OUTSIDE = [...new Set(Object.values(NETWORKS).flat())];
const PROBES = [{ protocol: 'TCP', port: 80 }, { protocol: 'TCP', port: 8080 }, { protocol: 'UDP', port: 53 }] as const;
const PORTS: readonly ModelPort[] = [{ protocol: 'TCP', first: 80, last: 80 }, { protocol: 'TCP', first: 1, last: 9000 }, { protocol: 'UDP', first: 50, last: 60 }, { name: 'web' }];

export function randomWorld(random: Random): PolicyWorld {
  const pick = <T>(from: readonly T[]): T => {
    const index = random(from.length);
    if (index >= from.length) throw new Error('there is nothing to pick from');
    return from[index] as T;
  };
  const some = <T>(most: number, make: () => T): readonly T[] => Array.from({ length: random(most + 1) }, make);
  const chosen = (): Chosen => ({ namespace: pick([undefined, ...NAMESPACES]), app: pick([undefined, ...APPS]) });
  const peer = (tier: ModelPolicy['tier'], direction: Direction): ModelPeer => {
    const sort = random(4);
    if (sort === 0 && (tier === 'NetworkPolicy' || direction === 'egress')) return { network: pick(Object.keys(NETWORKS)) };
    return sort === 1 && tier !== 'NetworkPolicy' && direction === 'egress' ? { nodes: true } : { pods: chosen() };
  };
  const rule = (tier: ModelPolicy['tier'], direction: Direction): ModelRule => {
    const peers = [peer(tier, direction), ...some(1, () => peer(tier, direction))];
    // There are no named ports outside.
    const isNamed = !peers.some((one) => !('pods' in one));
    return { action: pick(['Accept', 'Deny', 'Pass']), peers, ports: some(2, () => pick(PORTS.filter((one) => isNamed || 'first' in one))) };
  };
  const policy = (tier: ModelPolicy['tier'], priority: number): ModelPolicy => ({ tier, priority, subject: tier === 'NetworkPolicy' ? { namespace: pick(NAMESPACES), app: pick([undefined, ...APPS]) } : chosen(), ingress: some(3, () => rule(tier, 'ingress')), egress: some(3, () => rule(tier, 'egress')) });
  const pods = NAMESPACES.flatMap((namespace) => APPS.map((app): ModelPod => ({ name: `${namespace}-${app}`, namespace, app, hostNetwork: random(6) === 0, web: pick([80, 8080]) })));
  const policies = [...[3, 1, 2].slice(random(3)).map((priority) => policy('Admin', priority)), ...some(2, () => policy('NetworkPolicy', 0)), ...[5, 4].slice(random(3)).map((priority) => policy('Baseline', priority))];
  return { ends: [...pods, ...OUTSIDE], policies, objects: [...pods.map(podObject), ...policies.map(policyObject)], probes: PROBES };
}

/** One connection at a time, as the documents of Kubernetes and of its policy API tell it. */
export function connects(world: PolicyWorld, from: End, to: End, protocol: Protocol, port: number): boolean {
  const web = typeof to === 'string' ? undefined : to.web;
  const asks = (self: End, other: End, direction: Direction): boolean => typeof self === 'string' || self.hostNetwork || lets(world.policies, self, other, { direction, protocol, port, web });
  return asks(from, to, 'egress') && asks(to, from, 'ingress');
}

interface Question {
  readonly direction: Direction;
  readonly protocol: Protocol;
  readonly port: number;
  readonly web: number | undefined;
}

function lets(policies: readonly ModelPolicy[], self: ModelPod, other: End, question: Question): boolean {
  const { direction } = question;
  const mine = policies.filter(({ subject }) => isChosen(self, subject));
  const first = firstAction(mine, 'Admin', other, question);
  if (first !== 'Pass') return first === 'Accept';
  const own = mine.filter(({ tier }) => tier === 'NetworkPolicy');
  if (own.length > 0) return own.some((policy) => policy[direction].some((rule) => names(rule, other, question, NO_POD)));
  return firstAction(mine, 'Baseline', other, question) !== 'Deny';
}

/** What no rule names is passed on. */
function firstAction(policies: readonly ModelPolicy[], tier: ModelPolicy['tier'], other: End, question: Question): Action {
  const ordered = policies.filter((policy) => policy.tier === tier).sort((a, b) => a.priority - b.priority);
  for (const policy of ordered) for (const rule of policy[question.direction]) if (names(rule, other, question)) return rule.action;
  return 'Pass';
}

/** Whether a network holds for pods as well. */
type Holds = (network: string) => boolean;
const NO_POD: Holds = () => false;
const EVERY_POD_OF_ALL: Holds = (network) => network.endsWith('/0');

function names({ peers, ports }: ModelRule, other: End, { protocol, port, web }: Question, holds = EVERY_POD_OF_ALL): boolean {
  const isPort = ports.length === 0 || ports.some((one) => ('name' in one ? protocol === 'TCP' && port === web : protocol === one.protocol && one.first <= port && port <= one.last));
  return isPort && peers.some((peer) => isPeer(peer, other, holds));
}

function isPeer(peer: ModelPeer, other: End, holds: Holds): boolean {
  if ('pods' in peer) return typeof other !== 'string' && isChosen(other, peer.pods);
  if ('nodes' in peer) return typeof other !== 'string' && other.hostNetwork;
  return typeof other === 'string' ? NETWORKS[peer.network]?.includes(other) === true : holds(peer.network);
}

function isChosen(pod: ModelPod, { namespace, app }: Chosen): boolean {
  return !pod.hostNetwork && (namespace === undefined || namespace === pod.namespace) && (app === undefined || app === pod.app);
}

function podObject({ name, namespace, app, hostNetwork, web }: ModelPod): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app } }, spec: { hostNetwork, containers: [{ name: 'main', ports: [{ name: 'web', containerPort: web }] }] } };
}

function policyObject({ tier, priority, subject, ingress, egress }: ModelPolicy, index: number): RawObject {
  const name = `p${index}`;
  if (tier === 'NetworkPolicy') {
    const rules = (direction: Direction, field: string, from: readonly ModelRule[]) => ({ [direction]: from.map(({ peers, ports }) => ({ [field]: peers.map(plainPeer), ports: ports.map(plainPort) })) });
    return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: subject.namespace }, spec: { podSelector: appSelector(subject), policyTypes: ['Ingress', 'Egress'], ...rules('ingress', 'from', ingress), ...rules('egress', 'to', egress) } };
  }
  const rules = (field: string, from: readonly ModelRule[]) => from.map(({ action, peers, ports }) => ({ action, [field]: peers.map(clusterPeer), ...(ports.length > 0 && { protocols: ports.map(protocolPort) }) }));
  return { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name }, spec: { tier, priority, subject: chosenPods(subject), ingress: rules('from', ingress), egress: rules('to', egress) } };
}

function plainPeer(peer: ModelPeer): object {
  if ('network' in peer) return { ipBlock: { cidr: peer.network } };
  return 'pods' in peer ? { namespaceSelector: namespaceSelector(peer.pods), podSelector: appSelector(peer.pods) } : raise();
}

function clusterPeer(peer: ModelPeer): object {
  if ('network' in peer) return { networks: [peer.network] };
  return 'nodes' in peer ? { nodes: {} } : chosenPods(peer.pods);
}

function chosenPods(chosen: Chosen): object {
  return chosen.app === undefined ? { namespaces: namespaceSelector(chosen) } : { pods: { namespaceSelector: namespaceSelector(chosen), podSelector: appSelector(chosen) } };
}

function namespaceSelector({ namespace }: Chosen): RawObject {
  return namespace === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}

function appSelector({ app }: Chosen): RawObject {
  return app === undefined ? {} : { matchExpressions: [{ key: 'app', operator: 'In', values: [app] }] };
}

function plainPort(port: ModelPort): object {
  return 'name' in port ? { port: port.name } : { protocol: port.protocol, port: port.first, endPort: port.last };
}

function protocolPort(port: ModelPort): object {
  if ('name' in port) return { destinationNamedPort: port.name };
  return { [port.protocol.toLowerCase()]: { destinationPort: port.first === port.last ? { number: port.first } : { range: { start: port.first, end: port.last } } } };
}

function raise(): never {
  throw new Error('the model has no such thing');
}
