import { seededNumbers } from '../harness.ts';

/** One flow in so many leaves the cluster. */
const OUTSIDE_SHARE = 0.15;
const WORKLOADS = 200;
/** Names that each workload talks to. */
const REMOTES = 12;
const START_MS = Date.parse('2026-11-23T08:00:00Z');

/** Lines of Hubble's exporter in the shares of a cluster at work: most flows stay within it, and the few that leave go to the same places again and again. */
export function generateFlows(count: number, seed: number): readonly string[] {
  const random = seededNumbers(seed);
  const pick = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, index) => JSON.stringify(lineOf(index, pick, random() < OUTSIDE_SHARE)));
}

function lineOf(index: number, pick: (limit: number) => number, isOutside: boolean): object {
  const workload = pick(WORKLOADS);
  const isReply = pick(2) === 0;
  const near = podOf(workload, pick(4));
  const remote = pick(REMOTES);
  const far = isOutside ? { identity: 2, labels: ['reserved:world'] } : podOf(pick(WORKLOADS), 0);
  const farAddress = isOutside ? `203.0.${remote}.${1 + pick(4)}` : `10.0.${pick(200)}.${pick(200)}`;
  const ends = isReply ? { source: far, destination: near } : { source: near, destination: far };
  const addresses = isReply ? { source: farAddress, destination: '10.0.3.9' } : { source: '10.0.3.9', destination: farAddress };
  const ports = isReply ? { source_port: 443, destination_port: 40_000 + pick(20_000) } : { source_port: 40_000 + pick(20_000), destination_port: 443 };
  const names = isOutside ? { [isReply ? 'source_names' : 'destination_names']: [`api-${remote}.vendor-${workload}.example`] } : {};
  const time = new Date(START_MS + index).toISOString();
  return {
    flow: {
      time,
      uuid: `6f2c3c9e-0000-4000-8000-${String(index).padStart(12, '0')}`,
      verdict: 'FORWARDED',
      ethernet: { source: 'd6:5f:2a:11:9c:01', destination: '8e:21:7b:0d:55:42' },
      IP: { ...addresses, ipVersion: 'IPv4' },
      l4: { TCP: { ...ports, flags: isReply ? { SYN: true, ACK: true } : { SYN: true } } },
      ...ends,
      Type: 'L3_L4',
      node_name: `prod/node-${pick(50)}`,
      node_labels: ['beta.kubernetes.io/arch=amd64', 'beta.kubernetes.io/os=linux', 'kubernetes.io/arch=amd64', 'kubernetes.io/os=linux', 'node.kubernetes.io/instance-type=m6i.2xlarge'],
      ...names,
      event_type: { type: 4, sub_type: 3 },
      traffic_direction: isReply ? 'INGRESS' : 'EGRESS',
      trace_observation_point: 'TO_STACK',
      trace_reason: isReply ? 'REPLY' : 'ESTABLISHED',
      is_reply: isReply,
      interface: { index: 12 },
      Summary: 'TCP Flags: SYN',
    },
    node_name: `prod/node-${pick(50)}`,
    time,
  };
}

function podOf(workload: number, replica: number): object {
  const name = `service-${workload}`;
  const namespace = `team-${workload % 20}`;
  return {
    ID: 1000 + workload,
    identity: 20_000 + workload,
    cluster_name: 'prod',
    namespace,
    labels: [`k8s:app.kubernetes.io/name=${name}`, 'k8s:app.kubernetes.io/part-of=shop', `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`, 'k8s:io.cilium.k8s.policy.cluster=prod', `k8s:io.cilium.k8s.policy.serviceaccount=${name}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    pod_name: `${name}-7d9f8c6b5-x2x4${replica}`,
    workloads: [{ name, kind: 'Deployment' }],
  };
}
