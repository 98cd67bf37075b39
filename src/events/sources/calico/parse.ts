import { isObject, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { Flow, FlowEnd } from '#src/model/flow.ts';
import { endAt } from '../end-at.ts';
import { timeOf } from '../time.ts';

export type CalicoReading =
  | { readonly event: Flow }
  /** The other end of the same connection told of it too. */
  | { readonly skipped: 'repeat' }
  | { readonly malformed: string };

type Side = 'source' | 'dest';

const PROTOCOLS: ReadonlyMap<string, Flow['protocol']> = new Map([['tcp', 'tcp'], ['udp', 'udp'], ['sctp', 'sctp'], ['icmp', 'icmp'], ['icmp6', 'icmp']]);
/** Calico writes these where there is nothing to write. */
const ABSENT = new Set(['', '-']);
const PUBLIC = 'pub';
/** Beyond that no date can be written. */
const LATEST_SECONDS = 8.64e12;

/**
 * Connections of one span of time between the same two ends, from Goldmane or Whisker, or a flow log of Calico's other editions.
 *
 * Calico without an edition never tells the address of what is outside, and of pods it tells how their names begin, such as `web-7d9f-*`.
 */
export function parseCalico(value: unknown): CalicoReading {
  if (!isObject(value)) return { malformed: 'not an object' };
  const action = textAt(value, 'action')?.toLowerCase();
  const names = [known(value, 'source_name') ?? known(value, 'source_name_aggr'), known(value, 'dest_name') ?? known(value, 'dest_name_aggr')];
  if (action === undefined || names.every((name) => name === undefined)) return { malformed: 'no flow of Calico' };
  const [source, destination] = [endOf(value, 'source'), endOf(value, 'dest')];
  // Between pods both ends report; what comes from outside is reported by the destination alone.
  if (textAt(value, 'reporter')?.toLowerCase().startsWith('dst') === true && source.pod !== undefined) return { skipped: 'repeat' };
  const isDenied = action === 'deny';
  const counted = [numberAt(value, 'bytes_in'), numberAt(value, 'bytes_out')].filter((count) => count !== undefined);
  return {
    event: {
      seenBy: 'calico',
      id: idOf(value),
      timeMs: timeAt(value, 'start_time'),
      verdict: isDenied ? 'dropped' : action === 'allow' ? 'forwarded' : 'other',
      source,
      destination,
      protocol: PROTOCOLS.get((textAt(value, 'protocol') ?? textAt(value, 'proto') ?? '').toLowerCase()),
      reply: false,
      attempt: isDenied ? true : undefined,
      bytes: counted.length === 0 ? undefined : counted.reduce((sum, count) => sum + count, 0),
      connections: Math.max(1, numberAt(value, 'num_flows_started') ?? numberAt(value, 'num_flows') ?? 1),
      reset: false,
      droppedByPolicy: isDenied,
      dns: undefined,
      node: known(value, 'host'),
    },
  };
}

const OWN_FIELDS = ['start_time', 'end_time', 'action', 'source_namespace', 'source_name', 'source_name_aggr', 'source_ip', 'dest_namespace', 'dest_name', 'dest_name_aggr', 'dest_ip', 'dest_port', 'proto', 'protocol', 'bytes_in', 'bytes_out', 'num_flows', 'host'] as const;

/** Calico gives no ids, and has one flow for the same ends and span: a batch that is sent twice counts once. */
function idOf(value: RawObject): string | undefined {
  return value.start_time === undefined ? undefined : JSON.stringify(OWN_FIELDS.map((field) => value[field]));
}

function endOf(value: RawObject, side: Side): FlowEnd {
  const namespace = known(value, `${side}_namespace`);
  const name = known(value, `${side}_name`) ?? known(value, `${side}_name_aggr`);
  const address = known(value, `${side}_ip`);
  const port = numberAt(value, `${side}_port`);
  const domains = side === 'dest' ? textsAt(value, 'dest_domains').map((domain) => domain.replace(/\.$/, '').toLowerCase()) : [];
  const end = { ...endAt(address === undefined ? undefined : { address, port }), port: port === 0 ? undefined : port, names: domains };
  if (namespace !== undefined && name !== undefined && !isNetworkSet(value, side)) return { ...end, pod: { namespace, name }, outside: false };
  if (isHost(value, side)) return { ...end, outside: false };
  // Whoever may write to a namespace may call a set there what they like: its name alone must not be taken for that of another.
  const network = namespace === undefined || name === undefined ? name : `${namespace}/${name}`;
  return { ...end, network, outside: network === PUBLIC ? true : end.outside };
}

/** Goldmane and the flow logs tell what an end is; Whisker does not, and then a namespace means a pod. */
function typeOf(value: RawObject, side: Side): string {
  return (textAt(value, `${side}_type`) ?? '').toLowerCase();
}

function isNetworkSet(value: RawObject, side: Side): boolean {
  return ['ns', 'networkset'].includes(typeOf(value, side));
}

function isHost(value: RawObject, side: Side): boolean {
  return ['hep', 'hostendpoint'].includes(typeOf(value, side));
}

function known(value: RawObject, key: string): string | undefined {
  const text = textAt(value, key);
  return text === undefined || ABSENT.has(text) ? undefined : text;
}

/** Numbers of 64 bits may be texts. */
function numberAt(value: RawObject, key: string): number | undefined {
  const number = typeof value[key] === 'string' && /^\d{1,15}$/.test(value[key]) ? Number(value[key]) : value[key];
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Whisker writes a text, the others seconds since 1970. */
function timeAt(value: RawObject, key: string): number | undefined {
  const seconds = numberAt(value, key);
  if (seconds === undefined) return timeOf(textAt(value, key));
  return seconds <= LATEST_SECONDS ? seconds * 1000 : undefined;
}
