import { parseLabelSelector, type LabelSelector } from '#src/model/label-selector.ts';
import { at, integerAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { NO_ADDRESSES, parseRange, subtract, union, type AddressSet } from './addresses.ts';
import { protocolOf } from './ports.ts';
import { podMatcher, type Direction, type Peer, type PortRule, type Rule } from './rules.ts';

/** A NetworkPolicy of Kubernetes. A direction that it does not restrict has no rules at all; one that it closes has an empty list. */
export interface Policy {
  readonly namespace: string;
  readonly name: string;
  readonly selects: LabelSelector;
  /** Its podSelector is empty: every pod of the namespace. */
  readonly selectsAll: boolean;
  readonly ingress: readonly Rule[] | undefined;
  readonly egress: readonly Rule[] | undefined;
}

export const DIRECTIONS = ['ingress', 'egress'] as const satisfies readonly Direction[];

/** The name of the list of peers in a rule. */
export const PEERS_FIELD = { ingress: 'from', egress: 'to' } as const;

export function parsePolicy(object: RawObject): Policy {
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default';
  const selector = objectAt(object, 'spec', 'podSelector') ?? {};
  const types = directionsOf(object);
  const rulesOf = (direction: Direction) => (types.includes(direction) ? objectsAt(object, 'spec', direction).map(([, rule]) => parseRule(rule, direction, namespace)) : undefined);
  return {
    namespace,
    name: textAt(object, 'metadata', 'name') ?? '',
    selects: parseLabelSelector(selector),
    selectsAll: isEmptySelector(selector),
    ingress: rulesOf('ingress'),
    egress: rulesOf('egress'),
  };
}

/** Without `policyTypes` it is about ingress, and about egress only when it has a rule for that. */
export function directionsOf(policy: RawObject): readonly Direction[] {
  const written = textsAt(policy, 'spec', 'policyTypes');
  if (written.length > 0) return DIRECTIONS.filter((direction) => written.some((type) => type.toLowerCase() === direction));
  return listAt(policy, 'spec', 'egress').length > 0 ? DIRECTIONS : ['ingress'];
}

/** A selector that chooses everything. */
export function isEmptySelector(selector: RawObject | undefined): boolean {
  return Object.keys(objectAt(selector, 'matchLabels') ?? {}).length === 0 && listAt(selector, 'matchExpressions').length === 0;
}

/** The addresses of an `ipBlock`, without its exceptions. Undefined when it is not written as one. */
export function parseBlock(block: RawObject): AddressSet | undefined {
  const whole = parseRange(textAt(block, 'cidr') ?? '');
  if (whole === undefined) return undefined;
  return subtract(whole, union(textsAt(block, 'except').map((cidr) => parseRange(cidr) ?? NO_ADDRESSES)));
}

function parseRule(rule: RawObject, direction: Direction, namespace: string): Rule {
  const peers = objectsAt(rule, PEERS_FIELD[direction]).map(([, peer]) => parsePeer(peer, namespace));
  const ports = objectsAt(rule, 'ports').flatMap(([, port]) => parsePort(port));
  return {
    peers: listAt(rule, PEERS_FIELD[direction]).length === 0 ? undefined : peers,
    ports: listAt(rule, 'ports').length === 0 ? undefined : ports,
  };
}

/** One that names neither addresses nor pods is nobody; the API server would refuse it. */
function parsePeer(peer: RawObject, namespace: string): Peer {
  const block = objectAt(peer, 'ipBlock');
  if (block !== undefined) return { addresses: parseBlock(block) ?? NO_ADDRESSES };
  const names = objectAt(peer, 'podSelector') !== undefined || objectAt(peer, 'namespaceSelector') !== undefined;
  return names ? { pods: podMatcher(peer, namespace) } : { addresses: NO_ADDRESSES };
}

function parsePort(entry: RawObject): readonly PortRule[] {
  const protocol = protocolOf(textAt(entry, 'protocol'));
  if (protocol === undefined) return [];
  if (at(entry, 'port') === undefined) return [{ protocol }];
  const first = integerAt(entry, 'port');
  const name = textAt(entry, 'port');
  if (first !== undefined) return [{ protocol, first, last: integerAt(entry, 'endPort') ?? first }];
  return name === undefined ? [] : [{ protocol, name }];
}
