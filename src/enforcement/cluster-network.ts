import { networkPlugins, type NetworkPlugins } from '#src/facts/network-plugins.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { Kind } from '#src/model/kinds.ts';
import { integerAt, objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { parseAdminPolicy, type AdminPolicy } from '#src/network/admin-policy.ts';
import { ADMIN_POLICY_KINDS } from '#src/network/collect.ts';
import { parsePolicy, type Policy } from '#src/network/policy.ts';
import { namespaceLabels, type NamespaceLabels } from '#src/network/rules.ts';
import { parseCalicoPolicy, type VendorPolicy } from '#src/network/vendor-policy.ts';
import { dnsOf, localDnsOf, type Dns } from './dns.ts';
import { listed } from './listed.ts';
import { MECHANISMS, ownAddress, type Mechanism, type WorkloadPlace } from './own-policy.ts';

/** A policy of Calico, as far as its place among others goes. */
export interface CalicoPolicy {
  readonly name: string;
  /** Smaller comes first. */
  readonly order: number;
  readonly policy: VendorPolicy;
}

/** What has to be known of a cluster to block a connection in it. Plain data, so that planning needs no cluster. */
export interface ClusterNetwork {
  readonly plugins: NetworkPlugins;
  /** The DNS service that pods are given, and addresses on the nodes that answer in its place. */
  readonly dns: Dns | undefined;
  readonly localDns: readonly string[];
  readonly apiServer: readonly { readonly address: string; readonly port: number }[];
  /** Addresses of the nodes inside the cluster. */
  readonly nodes: readonly string[];
  readonly labelsOf: NamespaceLabels;
  readonly policies: readonly Policy[];
  readonly adminPolicies: readonly AdminPolicy[];
  readonly calico: readonly CalicoPolicy[];
  /** The object that k8ssec has, or would have, for the workload, by mechanism; a mechanism that the cluster does not serve is absent. */
  readonly own: ReadonlyMap<Mechanism, RawObject | undefined>;
}

const READ = ['Namespace', 'Node', 'DaemonSet', 'Service', 'EndpointSlice', 'NetworkPolicy', ...ADMIN_POLICY_KINDS, 'CalicoNetworkPolicy', 'GlobalNetworkPolicy'] as const satisfies readonly Kind[];
type ReadKind = (typeof READ)[number];

/** @throws {NothingToPropose} when something could not be looked at: a plan that overlooks a policy may cut more than it says. */
export async function readClusterNetwork(cluster: OpenCluster, place: WorkloadPlace, signal: AbortSignal): Promise<ClusterNetwork> {
  const found = new Map<ReadKind, readonly RawObject[]>();
  for (const kind of READ) found.set(kind, await listed(cluster, kind, signal));
  const of = (kind: ReadKind): readonly RawObject[] => found.get(kind) ?? [];
  return {
    plugins: pluginsOf(of('Node'), of('DaemonSet')),
    dns: dnsOf(of('Service')),
    localDns: localDnsOf(of('DaemonSet')),
    apiServer: of('EndpointSlice').flatMap(apiServerOf),
    nodes: of('Node').flatMap((node) => objectsAt(node, 'status', 'addresses').flatMap(([, entry]) => (textAt(entry, 'type') === 'InternalIP' ? (textAt(entry, 'address') ?? []) : []))),
    labelsOf: namespaceLabels(new Map(of('Namespace').map((object) => [textAt(object, 'metadata', 'name') ?? '', textMapAt(object, 'metadata', 'labels')]))),
    policies: of('NetworkPolicy').map(parsePolicy),
    adminPolicies: ADMIN_POLICY_KINDS.flatMap(of).map(parseAdminPolicy),
    calico: [...of('CalicoNetworkPolicy').flatMap((object) => calicoOf(object, textAt(object, 'metadata', 'namespace') ?? 'default')), ...of('GlobalNetworkPolicy').flatMap((object) => calicoOf(object, undefined))],
    own: await readOwnPolicies(cluster, place, signal),
  };
}

/** What k8ssec has written for a workload, and nothing else. @throws {NothingToPropose} when the bot may not look. */
export async function readOwnPolicies(cluster: OpenCluster, place: WorkloadPlace, signal: AbortSignal): Promise<ClusterNetwork['own']> {
  const own = new Map<Mechanism, RawObject | undefined>();
  for (const mechanism of MECHANISMS) await lookUp(cluster, mechanism, place, own, signal);
  return own;
}

async function lookUp(cluster: OpenCluster, mechanism: Mechanism, place: WorkloadPlace, into: Map<Mechanism, RawObject | undefined>, signal: AbortSignal): Promise<void> {
  const address = ownAddress(mechanism, place);
  try {
    into.set(mechanism, await cluster.get(address, signal));
  } catch (error) {
    if (!(error instanceof ChangeFailed)) throw error;
    // The API server does not serve the kind.
    if (error.fault === 'refused') return;
    if (error.fault !== 'forbidden') throw error;
    throw new NothingToPropose(`The bot may not read ${address.resource} of ${address.apiVersion}. It needs the ClusterRole k8ssec-enforce-network for this.`);
  }
}

function pluginsOf(nodes: readonly RawObject[], daemonSets: readonly RawObject[]): NetworkPlugins {
  const state = networkPlugins.start();
  const add = (kind: 'Node' | 'DaemonSet') => (object: RawObject): void => networkPlugins.add(state, object, { ref: { kind, name: textAt(object, 'metadata', 'name') ?? '' }, stock: false });
  nodes.forEach(add('Node'));
  daemonSets.forEach(add('DaemonSet'));
  return state;
}

/** Pods reach the API server under the addresses behind its Service. */
function apiServerOf(slice: RawObject): readonly { readonly address: string; readonly port: number }[] {
  const isIts = textAt(slice, 'metadata', 'namespace') === 'default' && textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name') === 'kubernetes';
  if (!isIts) return [];
  const ports = objectsAt(slice, 'ports').flatMap(([, entry]) => integerAt(entry, 'port') ?? []);
  return objectsAt(slice, 'endpoints').flatMap(([, endpoint]) => textsAt(endpoint, 'addresses').flatMap((address) => ports.map((port) => ({ address, port }))));
}

/** Without an order it comes last. */
function calicoOf(object: RawObject, home: string | undefined): readonly CalicoPolicy[] {
  const order = integerAt(object, 'spec', 'order') ?? Number.MAX_SAFE_INTEGER;
  return parseCalicoPolicy(object, home).map((policy) => ({ name: textAt(object, 'metadata', 'name') ?? '', order, policy }));
}
