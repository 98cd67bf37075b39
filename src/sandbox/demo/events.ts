import { textAt } from '#src/model/raw.ts';
import { demoObjects } from './objects.ts';

/** Who works in the demo cluster, as its API server calls them. */
const ANN = 'ann@corp.example';

/** Tells the bot, as an API server and Hubble do, what happens in the demo cluster: a first connection, and a command in a pod. */
export async function sendDemoEvents(port: number, token: string, now: Date): Promise<void> {
  await send(port, 'hubble', token, connection(new Date(now.getTime() - 60_000)));
  await send(port, 'audit', token, { kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [command(now)] });
}

async function send(port: number, feed: string, token: string, body: unknown): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/events/demo/${feed}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the bot answered ${response.status} to the demo cluster`);
}

function connection(at: Date): object {
  const time = at.toISOString();
  const flow = {
    time,
    uuid: 'demo-1',
    verdict: 'FORWARDED',
    IP: { source: '10.244.1.23', destination: '203.0.113.80', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 40_312, destination_port: 443, flags: { SYN: true } } },
    source: { ID: 23, identity: 4711, namespace: 'shop', labels: ['k8s:app=checkout'], pod_name: podOf('checkout'), workloads: [{ name: 'checkout', kind: 'Deployment' }] },
    destination: { identity: 2, labels: ['reserved:world'] },
    destination_names: ['api.stripe.com'],
    Type: 'L3_L4',
    is_reply: false,
    traffic_direction: 'EGRESS',
  };
  return { flow, node_name: 'worker-1', time };
}

function command(at: Date): object {
  const [pod, time] = [podOf('web'), at.toISOString()];
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'demo-2',
    stage: 'ResponseStarted',
    requestURI: `/api/v1/namespaces/shop/pods/${pod}/exec?command=sh&command=-c&command=env&container=web&stdout=true`,
    verb: 'create',
    user: { username: ANN, groups: ['developers', 'system:authenticated'] },
    sourceIPs: ['198.51.100.24'],
    userAgent: 'kubectl/v1.36.1',
    objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: pod, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 101 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
}

/** The name of a pod of a workload of the shop. */
function podOf(workload: string): string {
  const pods = demoObjects().filter((object) => textAt(object, 'kind') === 'Pod' && textAt(object, 'metadata', 'namespace') === 'shop');
  return pods.flatMap((pod) => textAt(pod, 'metadata', 'name') ?? []).find((name) => name.startsWith(`${workload}-`)) ?? `${workload}-0`;
}
