import { defineObjectCheck } from '#src/model/check.ts';
import { textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';
import { publicAddressOf } from '#src/network/node-address.ts';

const KAPSULE_POOL = 'k8s.scaleway.com/pool';

/** Reports each node with an address on the internet. */
export const check = defineObjectCheck({
  id: 'node/external-ip',
  title: 'Nodes have no address on the internet',
  severity: 'high',
  tips: [6],
  why: 'SSH, the kubelet and every NodePort of such a node are one mistake in a firewall away from everybody.',
  fix: 'Put nodes into a private network, let traffic in through load balancers and out through a gateway.',
  sources: [
    nsa('Network separation and hardening: Worker node segmentation'),
    { title: 'Scaleway Kapsule: full isolation of node pools', url: 'https://www.scaleway.com/en/docs/kubernetes/how-to/manage-node-pools/' },
  ],
  kinds: ['Node'],
  *judge(object) {
    const found = publicAddressOf(object);
    if (found !== undefined) yield { path: ['status', 'addresses', found.index], message: `It has an address on the internet: ${found.address} (${found.type})${note(object)}` };
  },
});

/** What a provider does about it that Kubernetes does not show. */
function note(object: RawObject): string {
  const labels = [...textMapAt(object, 'metadata', 'labels').keys()];
  const isKapsule = textAt(object, 'spec', 'providerID')?.startsWith('scaleway://') ?? false;
  return isKapsule || labels.some((label) => label.startsWith(KAPSULE_POOL))
    ? "; with Kapsule's controlled isolation its security group drops what comes in, and a pool with full isolation has no such address"
    : '';
}
