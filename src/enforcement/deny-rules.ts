import type { ConnectionDirection } from '#src/model/connection.ts';
import { integerAt, listAt, objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { BlockForm } from './block-form.ts';
import { byFamily, type Entry } from './entry.ts';
import type { Target } from './target.ts';

/** Policies of Kubernetes count as 1000, so that this comes before all that give no other order. */
const USUAL_ORDER = 100;
const PASS = calicoRule({ action: 'Pass' });

/** Calico's API server fills in both sides, and what is not written counts as somebody's change. */
export function calicoRule(rule: RawObject): RawObject {
  return { source: {}, destination: {}, ...rule };
}

/** A policy of Cilium denies by rules of their own, and closes nothing else. */
export function ciliumForm({ selector }: Target, direction: ConnectionDirection): BlockForm {
  return {
    constants: { endpointSelector: selector, enableDefaultDeny: { egress: false, ingress: false } },
    field: `${direction}Deny`,
    ground: () => [],
    closing: (entry) => ({ add: [ciliumDeny(entry)] }),
  };
}

function ciliumDeny({ direction, cidrs, protocol, port }: Entry): RawObject {
  return { [direction === 'egress' ? 'toCIDRSet' : 'fromCIDRSet']: cidrs.map((cidr) => ({ cidr })), toPorts: [{ ports: [{ port: String(port), protocol }] }] };
}

/** What else decides about the workload under Calico. */
export interface CalicoNeighbors {
  /** Orders of other policies that select it. */
  readonly orders: readonly number[];
  /** Directions that no other policy closes: what is not denied there has to be let through. */
  readonly open: readonly ConnectionDirection[];
}

/** A policy of Calico denies before all others have a say. */
export function calicoForm({ selector }: Target, direction: ConnectionDirection, { orders, open }: CalicoNeighbors): BlockForm {
  return {
    constants: { tier: 'default', order: Math.min(USUAL_ORDER, ...orders.map((order) => order - 1)), selector: calicoSelector(selector) },
    field: direction,
    types: 'types',
    ground: () => (open.includes(direction) ? [PASS] : []),
    closing: (entry) => ({ add: calicoDeny(entry) }),
  };
}

/** Addresses of one rule are of one family. */
function calicoDeny({ direction, cidrs, protocol, port }: Entry): readonly RawObject[] {
  return byFamily(cidrs).map((nets) =>
    calicoRule(direction === 'egress' ? { action: 'Deny', protocol, destination: { nets, ports: [port] } } : { action: 'Deny', protocol, source: { nets }, destination: { ports: [port] } }),
  );
}

/** A label selector in Calico's own language. */
function calicoSelector(selector: RawObject): string {
  const equal = [...textMapAt(selector, 'matchLabels')].map(([key, value]) => `${key} == '${value}'`);
  const others = objectsAt(selector, 'matchExpressions').map(([, expression]) => {
    const key = textAt(expression, 'key') ?? '';
    const values = textsAt(expression, 'values').map((value) => `'${value}'`).join(', ');
    const forms: Readonly<Record<string, string>> = { In: `${key} in {${values}}`, NotIn: `${key} not in {${values}}`, Exists: `has(${key})`, DoesNotExist: `!has(${key})` };
    return forms[textAt(expression, 'operator') ?? ''] ?? '';
  });
  return [...equal, ...others].join(' && ');
}

/** What a policy of k8ssec denies. */
export function deniedBy(spec: RawObject): readonly Entry[] {
  return (['egress', 'ingress'] as const).flatMap((direction) => [
    ...objectsAt(spec, `${direction}Deny`).flatMap(([, rule]) => ciliumEntries(rule, direction)),
    ...objectsAt(spec, direction).flatMap(([, rule]) => (textAt(rule, 'action') === 'Deny' ? calicoEntries(rule, direction) : [])),
  ]);
}

function ciliumEntries(rule: RawObject, direction: Entry['direction']): readonly Entry[] {
  const cidrs = objectsAt(rule, direction === 'egress' ? 'toCIDRSet' : 'fromCIDRSet').map(([, entry]) => textAt(entry, 'cidr') ?? '');
  const ports = objectsAt(rule, 'toPorts').flatMap(([, entry]) => objectsAt(entry, 'ports').map(([, port]) => port));
  return ports.flatMap((port) => madeOf(direction, cidrs, textAt(port, 'protocol'), Number(textAt(port, 'port'))));
}

function calicoEntries(rule: RawObject, direction: Entry['direction']): readonly Entry[] {
  const port = integerAt(listAt(rule, 'destination', 'ports'), 0) ?? 0;
  return madeOf(direction, textsAt(rule, direction === 'egress' ? 'destination' : 'source', 'nets'), textAt(rule, 'protocol'), port);
}

function madeOf(direction: Entry['direction'], cidrs: readonly string[], protocol: string | undefined, port: number): readonly Entry[] {
  return protocol === 'TCP' || protocol === 'UDP' || protocol === 'SCTP' ? [{ direction, cidrs, protocol, port }] : [];
}
