import { at, integerAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { isEverybody, NO_ADDRESSES, parseRange, publicPart, subtract, union } from './addresses.ts';
import { readPort, readProtocol } from './admin-ports.ts';
import { isSelector, onlyField, Unclear } from './admin-parts.ts';
import { DIRECTIONS, isEmptySelector, PEERS_FIELD } from './policy.ts';
import { podMatcher, type Direction, type Peer, type PodMatcher, type PortRule, type Rule } from './rules.ts';

type AdminPolicyKind = 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy' | 'ClusterNetworkPolicy';

type AdminAction = 'Allow' | 'Deny' | 'Pass';

export interface AdminRule extends Rule {
  readonly action: AdminAction;
}

/**
 * A policy of administrators for the whole cluster: judged before all NetworkPolicies, or, as a baseline, where none of them selects the pod.
 *
 * What is not understood of it neither allows nor denies here, and is named, so that whoever asks can say that they do not know.
 */
export interface AdminPolicy {
  readonly kind: AdminPolicyKind;
  readonly name: string;
  readonly baseline: boolean;
  /** Smaller comes first. */
  readonly priority: number;
  /** Every pod where it is not understood which. */
  readonly selects: PodMatcher;
  readonly ingress: readonly AdminRule[];
  readonly egress: readonly AdminRule[];
  /** Where it is not understood: `spec.egress[0].to[1]`. */
  readonly unclear: Readonly<Record<Direction, readonly string[]>>;
  /** It is understood, but names nodes, domains or networks of which nobody knows here whether pods are among them. */
  readonly inPart: boolean;
}

type ActionsOfKind = Readonly<Record<string, AdminAction>>;

const ACTIONS: Readonly<Record<AdminPolicyKind, ActionsOfKind>> = {
  AdminNetworkPolicy: { Allow: 'Allow', Deny: 'Deny', Pass: 'Pass' },
  BaselineAdminNetworkPolicy: { Allow: 'Allow', Deny: 'Deny' },
  ClusterNetworkPolicy: { Accept: 'Allow', Deny: 'Deny', Pass: 'Pass' },
};
const SPEC_FIELDS: ReadonlySet<string> = new Set(['tier', 'priority', 'subject', ...DIRECTIONS]);
const LAST_PRIORITY = 1000;
const EVERY_POD: PodMatcher = ({ hostNetwork }) => !hostNetwork;

export function parseAdminPolicy(object: RawObject): AdminPolicy {
  const kind = kindOf(object);
  const selects = placeMatcher(objectAt(object, 'spec', 'subject') ?? {});
  const baseline = kind === 'BaselineAdminNetworkPolicy' || textAt(object, 'spec', 'tier') === 'Baseline';
  const general = unclearInSpec(object, kind);
  const unclear = { ingress: new Unclear(general), egress: new Unclear(general) };
  const rules = {
    ingress: general.length > 0 ? [] : rulesOf(object, kind, 'ingress', unclear.ingress),
    egress: general.length > 0 ? [] : rulesOf(object, kind, 'egress', unclear.egress),
  };
  return {
    kind,
    name: textAt(object, 'metadata', 'name') ?? '',
    baseline,
    priority: integerAt(object, 'spec', 'priority') ?? 0,
    selects: selects ?? EVERY_POD,
    ingress: rules.ingress.map(({ rule }) => rule),
    egress: rules.egress.map(({ rule }) => rule),
    unclear: { ingress: unclear.ingress.places, egress: unclear.egress.places },
    inPart: DIRECTIONS.some((direction) => rules[direction].some((read) => read.inPart)),
  };
}

function kindOf(object: RawObject): AdminPolicyKind {
  const kind = textAt(object, 'kind');
  return kind === 'BaselineAdminNetworkPolicy' || kind === 'ClusterNetworkPolicy' ? kind : 'AdminNetworkPolicy';
}

/** What makes all of it unclear: which pods it is about, when it is asked, or a field that may change the sense of the others. */
function unclearInSpec(object: RawObject, kind: AdminPolicyKind): readonly string[] {
  const spec = objectAt(object, 'spec') ?? {};
  const priority = integerAt(spec, 'priority') ?? (kind === 'BaselineAdminNetworkPolicy' ? 0 : -1);
  const tier = textAt(spec, 'tier');
  return [
    ...Object.keys(spec).filter((field) => !SPEC_FIELDS.has(field)).map((field) => `spec.${field}`),
    ...(kind === 'ClusterNetworkPolicy' && tier !== 'Admin' && tier !== 'Baseline' ? ['spec.tier'] : []),
    ...(priority < 0 || priority > LAST_PRIORITY ? ['spec.priority'] : []),
    ...(placeMatcher(objectAt(spec, 'subject') ?? {}) === undefined ? ['spec.subject'] : []),
  ];
}

interface ReadRule {
  readonly rule: AdminRule;
  readonly inPart: boolean;
}

function rulesOf(object: RawObject, kind: AdminPolicyKind, direction: Direction, unclear: Unclear): readonly ReadRule[] {
  return objectsAt(object, 'spec', direction).flatMap(([index, rule]) => ruleOf(rule, kind, direction, unclear.at('spec', direction, index)) ?? []);
}

function ruleOf(rule: RawObject, kind: AdminPolicyKind, direction: Direction, unclear: Unclear): ReadRule | undefined {
  const action = ACTIONS[kind][textAt(rule, 'action') ?? ''];
  const fault = action === undefined ? 'action' : faultOf(rule, kind, direction);
  if (fault !== undefined) unclear.add(fault);
  if (action === undefined || fault !== undefined) return undefined;
  const peers = unclear.understood(rule, PEERS_FIELD[direction], (entry) => peerOf(entry, direction, action));
  const ports = portsOf(rule, unclear);
  // Nothing is left of it that is understood.
  if (peers.length === 0 || ports?.length === 0) return undefined;
  return { rule: { action, peers: peers.flatMap((read) => read.peers), ports }, inPart: peers.some((read) => read.inPart) };
}

/** The field that keeps all of the rule from being understood. */
function faultOf(rule: RawObject, kind: AdminPolicyKind, direction: Direction): string | undefined {
  const peers = PEERS_FIELD[direction];
  const known = new Set(['name', 'action', peers, 'ports', ...(kind === 'ClusterNetworkPolicy' ? ['protocols'] : [])]);
  const stranger = Object.keys(rule).find((field) => !known.has(field));
  if (stranger !== undefined) return stranger;
  if (at(rule, 'ports') !== undefined && at(rule, 'protocols') !== undefined) return 'protocols';
  return listAt(rule, peers).length === 0 ? peers : undefined;
}

/** The first releases of ClusterNetworkPolicy had ports as AdminNetworkPolicy has them. */
function portsOf(rule: RawObject, unclear: Unclear): readonly PortRule[] | undefined {
  const [field, read] = at(rule, 'protocols') === undefined ? (['ports', readPort] as const) : (['protocols', readProtocol] as const);
  return listAt(rule, field).length === 0 ? undefined : unclear.understood(rule, field, read).flat();
}

interface ReadPeers {
  readonly peers: readonly Peer[];
  readonly inPart: boolean;
}

/** One entry of `from` or `to`. Only outgoing connections go to more than pods. */
function peerOf(entry: unknown, direction: Direction, action: AdminAction): ReadPeers | undefined {
  const field = onlyField(entry);
  const pods = placeMatcher(entry);
  if (pods !== undefined) return { peers: [{ pods }], inPart: false };
  if (direction === 'ingress') return undefined;
  if (field === 'networks') return networkPeers(entry);
  if (field === 'nodes') return nodePeers(entry);
  return field === 'domainNames' && action === 'Allow' ? domainPeers(entry) : undefined;
}

/** `namespaces` chooses all pods of some namespaces, `pods` some of their pods. Undefined for anything else. */
function placeMatcher(place: unknown): PodMatcher | undefined {
  const field = onlyField(place);
  const namespaces = objectAt(place, 'namespaces');
  if (field === 'namespaces') return isSelector(namespaces) ? podMatcher({ namespaceSelector: namespaces }, undefined) : undefined;
  const pods = field === 'pods' ? objectAt(place, 'pods') : undefined;
  if (pods === undefined || !Object.entries(pods).every(([name, selector]) => (name === 'namespaceSelector' || name === 'podSelector') && isSelector(selector))) return undefined;
  return podMatcher({ namespaceSelector: {}, ...pods }, undefined);
}

/** Networks hold for pods as well. Where pods have their addresses is not known here, so that only a network that holds them all is surely theirs. */
function networkPeers(peer: unknown): ReadPeers | undefined {
  const cidrs = textsAt(peer, 'networks');
  const sets = cidrs.map((cidr) => (cidr.includes('/') ? parseRange(cidr) : undefined));
  if (sets.length === 0 || sets.length < listAt(peer, 'networks').length || sets.includes(undefined)) return undefined;
  const addresses = union(sets.map((set) => set ?? NO_ADDRESSES));
  if (isEverybody(addresses)) return { peers: [{ addresses }, { pods: () => true }], inPart: false };
  return { peers: [{ addresses }], inPart: subtract(addresses, publicPart(addresses)).length > 0 };
}

/** Pods in the network of a node have its address; on which node they are is not known here. */
function nodePeers(peer: unknown): ReadPeers | undefined {
  const nodes = objectAt(peer, 'nodes');
  if (!isSelector(nodes)) return undefined;
  return isEmptySelector(nodes) ? { peers: [{ pods: ({ hostNetwork }) => hostNetwork }], inPart: false } : { peers: [], inPart: true };
}

function domainPeers(peer: unknown): ReadPeers | undefined {
  const domains = textsAt(peer, 'domainNames');
  return domains.length === 0 || domains.length < listAt(peer, 'domainNames').length ? undefined : { peers: [{ domains }], inPart: true };
}
