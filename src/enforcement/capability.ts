import { NothingToPropose } from '#src/model/request.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import type { Mechanism } from './own-policy.ts';

/** What a connection can be blocked with. */
export interface Capability {
  readonly mechanism: Mechanism;
  /** Of the network plugin, for people. */
  readonly plugin: string;
}

/** Since this version of Cilium a policy can deny without closing everything else. */
const CILIUM_SINCE = { major: 1, minor: 16 };

/**
 * The most exact mechanism that the cluster really acts on: rules that deny, where its plugin has them, else the NetworkPolicy of Kubernetes.
 *
 * @throws {NothingToPropose} when nothing enforces policies, or nobody knows, with what follows: `denying is recorded only`.
 */
export function capabilityOf({ plugins: { plugins, embedded }, own }: ClusterNetwork, otherwise: string): Capability {
  const cilium = plugins.find(({ name }) => name === 'Cilium');
  if (cilium !== undefined && own.has('cilium') && canOnlyDeny(cilium.tag)) return { mechanism: 'cilium', plugin: cilium.name };
  const calico = plugins.find(({ name }) => name === 'Calico');
  if (calico !== undefined && own.has('calico')) return { mechanism: 'calico', plugin: calico.name };
  const enforcing = plugins.find(({ enforces }) => enforces);
  if (enforcing !== undefined) return { mechanism: 'network-policy', plugin: enforcing.name };
  if (embedded) return { mechanism: 'network-policy', plugin: 'k3s' };
  const [idle] = plugins;
  throw new NothingToPropose(
    idle === undefined
      ? `No network plugin was recognised in the cluster, so nobody knows whether a policy would have any effect: ${otherwise}.`
      : `The network plugin of the cluster, ${idle.name}, does not enforce policies: ${otherwise}.`,
  );
}

/** Without a version in its tag it is taken for a new one: an older one refuses the policy in the dry run. */
function canOnlyDeny(tag = ''): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(tag) ?? [];
  if (major === undefined) return true;
  return Number(major) > CILIUM_SINCE.major || (Number(major) === CILIUM_SINCE.major && Number(minor) >= CILIUM_SINCE.minor);
}
