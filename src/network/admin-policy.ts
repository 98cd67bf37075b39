import { integerAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { NO_ADDRESSES, parseRange, union } from './addresses.ts';
import { PEERS_FIELD } from './policy.ts';
import { protocolOf } from './ports.ts';
import { podMatcher, type Direction, type Peer, type PodMatcher, type PortRule, type Rule } from './rules.ts';

export type AdminAction = 'Allow' | 'Deny' | 'Pass';

export interface AdminRule extends Rule {
  readonly action: AdminAction;
}

/** An AdminNetworkPolicy, judged before NetworkPolicies, or the BaselineAdminNetworkPolicy, judged where none of them selects the pod. */
export interface AdminPolicy {
  readonly name: string;
  readonly baseline: boolean;
  /** Smaller comes first. */
  readonly priority: number;
  readonly selects: PodMatcher;
  readonly ingress: readonly AdminRule[];
  readonly egress: readonly AdminRule[];
}

const ACTIONS: readonly AdminAction[] = ['Allow', 'Deny', 'Pass'];

export function parseAdminPolicy(object: RawObject): AdminPolicy {
  const name = textAt(object, 'metadata', 'name') ?? '';
  return {
    name,
    baseline: textAt(object, 'kind') === 'BaselineAdminNetworkPolicy',
    priority: integerAt(object, 'spec', 'priority') ?? 0,
    selects: placeMatcher(objectAt(object, 'spec', 'subject') ?? {}),
    ingress: rulesOf(object, 'ingress'),
    egress: rulesOf(object, 'egress'),
  };
}

function rulesOf(object: RawObject, direction: Direction): readonly AdminRule[] {
  return objectsAt(object, 'spec', direction).flatMap(([, rule]) => {
    const action = ACTIONS.find((known) => known === textAt(rule, 'action'));
    if (action === undefined) return [];
    const ports = objectsAt(rule, 'ports').flatMap(([, port]) => parsePort(port));
    const peers = objectsAt(rule, PEERS_FIELD[direction]).map(([, peer]) => parsePeer(peer));
    return [{ action, peers, ports: listAt(rule, 'ports').length === 0 ? undefined : ports }];
  });
}

/** Nodes and domain names are neither pods nor known addresses. */
function parsePeer(peer: RawObject): Peer {
  const networks = textsAt(peer, 'networks');
  return networks.length > 0 ? { addresses: union(networks.map((cidr) => parseRange(cidr) ?? NO_ADDRESSES)) } : { pods: placeMatcher(peer) };
}

/** `namespaces` chooses all pods of some namespaces, `pods` some of their pods. */
function placeMatcher(place: RawObject): PodMatcher {
  const namespaces = objectAt(place, 'namespaces');
  const pods = objectAt(place, 'pods');
  if (namespaces !== undefined) return podMatcher({ namespaceSelector: namespaces }, undefined);
  return pods === undefined ? () => false : podMatcher({ namespaceSelector: {}, ...pods }, undefined);
}

function parsePort(entry: RawObject): readonly PortRule[] {
  const name = textAt(entry, 'namedPort');
  // A named port counts with whatever protocol the pod has it.
  if (name !== undefined) return (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ protocol, name }));
  const number = objectAt(entry, 'portNumber');
  const range = objectAt(entry, 'portRange');
  const protocol = protocolOf(textAt(number ?? range, 'protocol'));
  const first = integerAt(number, 'port') ?? integerAt(range, 'start');
  const last = integerAt(number, 'port') ?? integerAt(range, 'end');
  return protocol === undefined || first === undefined || last === undefined ? [] : [{ protocol, first, last }];
}
