import type { ConnectionDirection } from '#src/model/connection.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { selects } from '#src/network/evaluate.ts';
import { parseCalicoPolicy, parseCiliumPolicy, type VendorPolicy } from '#src/network/vendor-policy.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { listed } from './listed.ts';
import { MECHANISMS, ownAddress } from './own-policy.ts';
import type { Target } from './target.ts';

/** Kinds of network plugins that close a direction by being there. Those for the whole cluster have no namespace. */
const VENDORS = [
  ['CiliumNetworkPolicy', 'CiliumNetworkPolicy', parseCiliumPolicy],
  ['CiliumClusterwideNetworkPolicy', 'CiliumClusterwideNetworkPolicy', parseCiliumPolicy],
  ['CalicoNetworkPolicy', 'NetworkPolicy of Calico', parseCalicoPolicy],
  ['GlobalNetworkPolicy', 'GlobalNetworkPolicy', parseCalicoPolicy],
] as const satisfies readonly (readonly [kind: string, title: string, parse: (object: RawObject, home: string | undefined) => readonly VendorPolicy[]])[];

/** Policies of others that close a direction of the workload already: `NetworkPolicy shop/closed`. @throws {NothingToPropose} when they could not be looked at. */
export async function closedAlready(cluster: OpenCluster, target: Target, { policies, labelsOf }: Pick<ClusterNetwork, 'policies' | 'labelsOf'>, direction: ConnectionDirection, signal: AbortSignal): Promise<readonly string[]> {
  const { pods } = target;
  const own = new Set(MECHANISMS.map((mechanism) => ownAddress(mechanism, target).name));
  const isForeign = (name: string): boolean => !own.has(name.replace(/^default\./, ''));
  const closing = policies.filter((policy) => isForeign(policy.name) && policy[direction] !== undefined && selects(policy, pods)).map(({ namespace, name }) => `NetworkPolicy ${namespace}/${name}`);
  const found: string[] = [];
  for (const [kind, title, parse] of VENDORS) {
    for (const object of await listed(cluster, kind, signal)) {
      const [name, namespace] = [textAt(object, 'metadata', 'name') ?? '', textAt(object, 'metadata', 'namespace')];
      const isClosing = parse(object, namespace).some((policy) => policy.directions.includes(direction) && policy.selects(pods, labelsOf));
      if (isForeign(name) && isClosing) found.push(`${title} ${namespace === undefined ? name : `${namespace}/${name}`}`);
    }
  }
  return [...closing, ...found];
}
