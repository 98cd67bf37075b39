import type { Flow, FlowEnd, FlowVerdict, LostFlows } from '#src/model/flow.ts';
import { booleanAt, integerAt, isObject, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { timeOf } from '../time.ts';

export type HubbleReading =
  | { readonly event: Flow }
  | { readonly lost: LostFlows }
  /** A line about Hubble itself. */
  | { readonly skipped: 'other' }
  | { readonly malformed: string };

const VERDICTS: ReadonlyMap<string, FlowVerdict> = new Map([
  ['FORWARDED', 'forwarded'],
  ['REDIRECTED', 'forwarded'],
  // Policies are only tried, and would have dropped it: it went through.
  ['AUDIT', 'forwarded'],
  ['DROPPED', 'dropped'],
]);
const POLICY_DROPS: ReadonlySet<string> = new Set(['POLICY_DENIED', 'POLICY_DENY', 'AUTH_REQUIRED', 'DENIED_BY_LB_SRC_RANGE_CHECK']);
/** Of what is outside of the cluster: of any address, and by family. */
const WORLD_IDENTITIES: ReadonlySet<number> = new Set([2, 9, 10]);
const UNKNOWN_IDENTITY = 0;
/** Cilium's numbering: the scope stands above 24 bits, and 1 is for what lies outside of the cluster. */
const SCOPE_BITS = 24;
const LOCAL_SCOPE = 1;
const UNSEEN_STATES: ReadonlySet<string> = new Set(['NODE_UNAVAILABLE', 'NODE_ERROR']);
const PROTOCOLS = [['TCP', 'tcp'], ['UDP', 'udp'], ['SCTP', 'sctp'], ['ICMPv4', 'icmp'], ['ICMPv6', 'icmp']] as const;

/** A line of Hubble's exporter, or of `hubble observe` with JSON output. */
export function parseHubble(value: unknown): HubbleReading {
  if (!isObject(value)) return { malformed: 'not an object' };
  const lost = objectAt(value, 'lost_events');
  const node = textAt(value, 'node_name');
  if (lost !== undefined) return { lost: { lost: numberOf(lost.num_events_lost) ?? 1, timeMs: timeOf(textAt(value, 'time')), node } };
  const state = textAt(value, 'node_status', 'state_change');
  // Nobody knows what happens on a node that does not answer: each counts as one.
  if (state !== undefined && UNSEEN_STATES.has(state)) return { lost: { lost: Math.max(1, textsAt(value, 'node_status', 'node_names').length), timeMs: timeOf(textAt(value, 'time')), node } };
  if (isObject(value.node_status) || isObject(value.agent_event) || isObject(value.debug_event)) return { skipped: 'other' };
  // Older versions print the flow itself.
  const flow = objectAt(value, 'flow') ?? (typeof value.verdict === 'string' ? value : undefined);
  return flow === undefined ? { malformed: 'no flow' } : { event: flowOf(flow, value, node) };
}

function flowOf(flow: RawObject, line: RawObject, node: string | undefined): Flow {
  const [key, protocol] = PROTOCOLS.find(([name]) => objectAt(flow, 'l4', name) !== undefined) ?? [];
  const l4 = key === undefined ? undefined : objectAt(flow, 'l4', key);
  const dns = objectAt(flow, 'l7', 'dns');
  const query = textAt(dns, 'query');
  const verdict = VERDICTS.get(textAt(flow, 'verdict') ?? '') ?? 'other';
  return {
    seenBy: 'hubble',
    id: textAt(flow, 'uuid'),
    timeMs: timeOf(textAt(flow, 'time') ?? textAt(line, 'time')),
    verdict,
    source: endOf(flow, 'source', numberOf(l4?.source_port)),
    destination: endOf(flow, 'destination', numberOf(l4?.destination_port)),
    protocol,
    reply: booleanAt(flow, 'is_reply') ?? booleanAt(flow, 'is_reply', 'value'),
    attempt: verdict === 'dropped' ? true : undefined,
    bytes: undefined,
    connections: 1,
    reset: booleanAt(l4, 'flags', 'RST') === true,
    droppedByPolicy: POLICY_DROPS.has(textAt(flow, 'drop_reason_desc') ?? ''),
    dns: query === undefined ? undefined : { name: query.replace(/\.$/, '').toLowerCase(), code: numberOf(dns?.rcode), addresses: textsAt(dns, 'ips') },
    node: node ?? textAt(flow, 'node_name'),
  };
}

function endOf(flow: RawObject, side: 'source' | 'destination', port: number | undefined): FlowEnd {
  const end = objectAt(flow, side);
  const namespace = textAt(end, 'namespace');
  const name = textAt(end, 'pod_name');
  const [first] = objectsAt(end, 'workloads');
  const workload = { kind: textAt(first?.[1], 'kind'), name: textAt(first?.[1], 'name') };
  return {
    pod: namespace === undefined || name === undefined ? undefined : { namespace, name },
    workload: namespace === undefined || workload.kind === undefined || workload.name === undefined ? undefined : { namespace, kind: workload.kind, name: workload.name },
    ...(namespace !== undefined && name === undefined && { isNamelessPod: true }),
    containerId: undefined,
    address: textAt(flow, 'IP', side),
    port,
    outside: namespace === undefined ? isOutside(end) : false,
    network: undefined,
    names: textsAt(flow, `${side}_names`).map((text) => text.replace(/\.$/, '').toLowerCase()),
  };
}

/** The API server counts as both: it is a part of the cluster. Undefined while Cilium itself does not know yet what it is. */
function isOutside(end: RawObject | undefined): boolean | undefined {
  const labels = textsAt(end, 'labels');
  if (labels.includes('reserved:kube-apiserver')) return false;
  if (labels.some((label) => label.startsWith('reserved:world'))) return true;
  const identity = integerAt(end, 'identity') ?? UNKNOWN_IDENTITY;
  if (identity === UNKNOWN_IDENTITY && labels.every((label) => label === 'reserved:unknown')) return undefined;
  // A range or a name of a policy has an identity of its own, whose labels a filter of labels may hide.
  return (labels.length === 0 && WORLD_IDENTITIES.has(identity)) || identity >>> SCOPE_BITS === LOCAL_SCOPE;
}

/** Numbers of 64 bits are written as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
