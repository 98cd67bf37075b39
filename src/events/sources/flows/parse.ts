import { z } from 'zod';
import type { Flow, FlowEnd } from '#src/model/flow.ts';
import { endAt } from '../end-at.ts';

export type FlowsReading = { readonly event: Flow } | { readonly malformed: string };

const NAME = z.string().min(1).max(253);
const PORT = z.int().min(0).max(65_535);

const end = z
  .strictObject({
    namespace: NAME.optional(),
    pod: NAME.optional(),
    workload: z.strictObject({ kind: NAME, name: NAME }).optional(),
    containerId: NAME.optional(),
    address: z.union([z.ipv4(), z.ipv6()]).optional(),
    port: PORT.optional(),
    names: z.array(NAME).max(100).optional(),
    outside: z.boolean().optional(),
  })
  .refine(({ address, names, pod, workload }) => address !== undefined || names !== undefined || pod !== undefined || workload !== undefined, { error: 'has no address, name, pod or workload' })
  .refine(({ namespace, pod, workload }) => namespace !== undefined || (pod === undefined && workload === undefined), { error: 'has a pod or workload without its namespace' });

/** One connection as anybody may send it. */
const connection = z.strictObject({
  id: NAME.optional(),
  time: z.iso.datetime({ offset: true }),
  source: end,
  destination: end,
  protocol: z.enum(['tcp', 'udp', 'sctp', 'icmp']),
  verdict: z.enum(['forwarded', 'dropped']).optional(),
  attempt: z.boolean().optional(),
  bytes: z.int().min(0).optional(),
  connections: z.int().min(1).optional(),
  node: NAME.optional(),
});

type End = z.output<typeof end>;

/** A connection in the form of `docs/events.md`: what has a field that is not in there is refused. */
export function parseFlow(value: unknown): FlowsReading {
  const { success, data, error } = connection.safeParse(value);
  if (!success) return { malformed: faultOf(error) };
  const { id, time, source, destination, protocol, verdict = 'other', attempt, bytes, connections = 1, node } = data;
  return {
    event: {
      seenBy: 'flows',
      id,
      timeMs: Date.parse(time),
      verdict,
      source: endOf(source),
      destination: endOf(destination),
      protocol,
      reply: false,
      attempt: attempt ?? (verdict === 'dropped' ? true : undefined),
      bytes,
      connections,
      reset: false,
      droppedByPolicy: verdict === 'dropped',
      dns: undefined,
      node,
    },
  };
}

function endOf({ namespace, pod, workload, containerId, address, port, names = [], outside }: End): FlowEnd {
  const known = endAt(address === undefined ? undefined : { address, port });
  const isInside = pod !== undefined || workload !== undefined;
  return {
    ...known,
    pod: namespace === undefined || pod === undefined ? undefined : { namespace, name: pod },
    workload: namespace === undefined || workload === undefined ? undefined : { namespace, ...workload },
    containerId,
    port,
    outside: outside ?? (isInside ? false : known.outside),
    names: names.map((name) => name.replace(/\.$/, '').toLowerCase()),
  };
}

function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'no connection' : `${issue.path.join('.') || 'the connection'}: ${issue.message}`;
}
