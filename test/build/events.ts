import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

export interface SentEvents {
  /** JSON unless it is a text. */
  readonly body: unknown;
  readonly token?: string;
  readonly gzip?: true;
}

/** Sends events as an API server does, and tells the status of the answer. */
export async function sendEvents(port: number, path: string, { body, token, gzip }: SentEvents): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { status, headers } = await fetch(`http://127.0.0.1:${port}/events/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(gzip && { 'content-encoding': 'gzip' }) },
    body: gzip ? gzipSync(text) : text,
  });
  return { status, retryAfter: headers.get('retry-after') };
}

export interface SecureSender {
  /** Of whoever signed the certificate of the door. */
  readonly ca: string;
  /** What the sender shows, if anything. */
  readonly cert?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends events over a TLS connection of its own, and tells the answer. */
export async function sendEventsOverTls(port: number, path: string, { ca, cert, key, headers = {}, body = [] }: SecureSender): Promise<{ readonly status: number | undefined; readonly said: string }> {
  const sending = request({ host: '127.0.0.1', port, servername: 'localhost', path: `/events/${path}`, method: 'POST', agent: false, headers, ca, cert, key });
  const answered = once(sending, 'response');
  sending.end(JSON.stringify(body));
  const [response] = (await answered) as [IncomingMessage];
  return { status: response.statusCode, said: (await text(response)).trim() };
}

export function eventList(...items: readonly unknown[]): object {
  return { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items };
}

export interface ExecEvent {
  readonly id: string;
  readonly at: string;
  readonly user?: string;
  readonly pod?: string;
  readonly command?: readonly string[];
  readonly code?: number;
}

/** A command in a pod, as an API server logs it at its beginning. */
export function execEvent({ id, at, user = 'oidc:bob@corp.example', pod = 'web-0', command = ['cat', '/etc/passwd'], code = 101 }: ExecEvent): object {
  const query = command.map((word) => `command=${encodeURIComponent(word)}`).join('&');
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: id,
    stage: code === 101 ? 'ResponseStarted' : 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/pods/${pod}/exec?${query}&container=web`,
    verb: 'create',
    user: { username: user, groups: ['dev', 'system:authenticated'] },
    sourceIPs: ['203.0.113.7'],
    userAgent: 'kubectl/v1.34.2',
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: pod, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code },
    requestReceivedTimestamp: at,
    stageTimestamp: at,
    annotations: { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow' },
  };
}

export interface HubbleFlow {
  /** Of this flow among those of a test: makes its id and its source port. */
  readonly count: number;
  readonly at: Date;
  readonly workload: string;
  readonly address: string;
  /** That DNS answered the address for. */
  readonly name?: string;
  readonly reply?: boolean;
  /** Dropped by a policy. */
  readonly drop?: boolean;
  /** The outside began, and this is the port of the workload. */
  readonly inboundPort?: number;
}

/** A connection of a workload of the shop with the outside, as Hubble prints it. */
export function hubbleLine({ count, at, workload, address, name, reply = false, drop = false, inboundPort }: HubbleFlow): string {
  const time = at.toISOString();
  const own = { ID: 1, identity: 4711, namespace: 'shop', labels: [`k8s:app=${workload}`], pod_name: `${workload}-7d9f8c5b4d-x2x4z`, workloads: [{ name: workload, kind: 'Deployment' }] };
  const world = { identity: 2, labels: ['reserved:world'] };
  const isIn = inboundPort !== undefined;
  return JSON.stringify({
    flow: {
      time,
      uuid: `flow-${count}`,
      verdict: drop ? 'DROPPED' : 'FORWARDED',
      ...(drop && { drop_reason_desc: 'POLICY_DENY' }),
      IP: { source: isIn ? address : '10.0.0.7', destination: isIn ? '10.0.0.7' : address, ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 40_000 + count, destination_port: inboundPort ?? 443, flags: { SYN: true } } },
      source: isIn ? world : own,
      destination: isIn ? own : world,
      ...(name !== undefined && { destination_names: [name] }),
      Type: 'L3_L4',
      is_reply: reply,
      traffic_direction: isIn ? 'INGRESS' : 'EGRESS',
    },
    node_name: 'worker-1',
    time,
  });
}
