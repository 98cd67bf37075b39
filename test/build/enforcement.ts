import { startLiveWorld, type LiveWorld } from './live-world.ts';
import { aConnection, connectionSettings, connectionsOf } from './connections.ts';
import { aNamespace } from './objects.ts';
import type { Connection, ConnectionSettings, ConnectionsView } from '#src/model/connection.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';

export const CLUSTER = 'prod';
export const WORKLOAD = { namespace: 'shop', kind: 'Deployment', name: 'checkout' };
const LABELS = { app: 'checkout' };
export const IMAGES = { Cilium: 'quay.io/cilium/cilium:v1.18.1', Calico: 'docker.io/calico/node:v3.30.0', flannel: 'docker.io/flannel/flannel:v0.26.0', kindnet: 'docker.io/kindest/kindnetd:v20250512-df8de77b' } as const;
export type Plugin = keyof typeof IMAGES;

/** Of the workload under test, in the cluster of these tests. */
export function seen(id: string, given: Parameters<typeof aConnection>[0] = {}): Connection {
  return aConnection({ id, ...given, key: { workload: WORKLOAD, remote: { kind: 'address', address: '203.0.113.9' }, ...given.key, cluster: CLUSTER } });
}

function agent(name: string, image: string, args: readonly string[] = []): RawObject {
  const labels = { app: name };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: 'kube-system' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { hostNetwork: true, containers: [{ name: 'main', image, args }] } } } };
}

/** Has the API server serve a kind of a network plugin, with any spec. */
export function definition(group: string, version: string, kind: string, plural: string, scope = 'Namespaced'): RawObject {
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope, names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` }, versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }] },
  };
}

/** Kinds that a network plugin brings with it. */
const DEFINITIONS: Readonly<Partial<Record<Plugin, RawObject>>> = {
  Cilium: definition('cilium.io', 'v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies'),
  Calico: definition('projectcalico.org', 'v3', 'NetworkPolicy', 'networkpolicies'),
};

function pod(name: string): RawObject {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'checkout-7d4b9', uid: 'x', controller: true };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: LABELS, ownerReferences: [owner] }, spec: { containers: [{ name: 'main', image: 'registry.example/checkout:1' }] } };
}

/** A cluster with one workload, its DNS under another label than usual, and the cache of DNS on each node. */
export function clusterObjects(plugin: Plugin): readonly RawObject[] {
  const template = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'main', image: 'registry.example/checkout:1' }] } };
  return [
    aNamespace('shop'),
    aNamespace('kube-system'),
    agent('agent', IMAGES[plugin]),
    agent('node-local-dns', 'registry.k8s.io/dns/k8s-dns-node-cache:1.26.0', ['-localip', '169.254.20.10,10.96.0.10', '-conf', '/etc/Corefile']),
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system' }, spec: { clusterIP: '10.96.0.10', selector: { name: 'coredns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 }, { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 5353 }, { name: 'metrics', port: 9153, protocol: 'TCP' }] } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout', namespace: 'shop' }, spec: { replicas: 2, selector: { matchLabels: LABELS }, template } },
    pod('checkout-7d4b9-a'),
    pod('checkout-7d4b9-b'),
    ...(DEFINITIONS[plugin] === undefined ? [] : [DEFINITIONS[plugin]]),
  ];
}

export interface EnforcementScene extends LiveWorld {
  readonly watched: ProposalWorld;
}

/** A cluster in which connections are watched, and may be blocked unless the settings say otherwise. */
export async function enforcementScene(plugin: Plugin, connections: readonly Connection[], settings: Partial<ConnectionSettings> = {}, more: readonly RawObject[] = [], without: readonly string[] = []): Promise<EnforcementScene> {
  const objects = clusterObjects(plugin).filter((object) => !without.includes(textAt(object, 'metadata', 'name') ?? ''));
  const live = await startLiveWorld([...objects, ...more]);
  return { ...live, watched: { ...live.world, connections: watchedConnections(connections, settings) } };
}

export function watchedConnections(connections: readonly Connection[], settings: Partial<ConnectionSettings> = {}): ConnectionsView {
  return connectionsOf(connections, { labels: (name) => (name === WORKLOAD.name ? { app: 'checkout' } : undefined), settings: [connectionSettings({ cluster: CLUSTER, mode: 'enforce', ...settings })] });
}
