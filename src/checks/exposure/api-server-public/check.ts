import { defineObjectCheck } from '#src/model/check.ts';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { objectsAt, textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { classOf } from '#src/network/addresses.ts';

/**
 * Reports an API server with a public address, as the cluster itself tells it.
 *
 * Which addresses its provider lets through cannot be seen from inside of the cluster.
 */
export const check = defineObjectCheck({
  id: 'exposure/api-server-public',
  title: 'The API server has no public address',
  severity: 'high',
  tips: [3],
  why: 'Anybody may try stolen tokens and new holes on it; only credentials stand between the internet and the cluster.',
  fix: 'Give the API server a private address, or limit who reaches it in the settings of the provider.',
  sources: [nsa('Network separation and hardening: Control plane hardening'), mitre('T1133')],
  judgesStock: true,
  kinds: ['ConfigMap', 'EndpointSlice'],
  *judge(object) {
    const place = `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`;
    const addresses = textAt(object, 'kind') === 'ConfigMap' ? (place === 'kube-public/cluster-info' ? addressesOfInfo(object) : []) : place === 'default/kubernetes' ? addressesOfSlice(object) : [];
    const found = addresses.find(({ address }) => classOf(address) === 'public');
    if (found !== undefined) yield { path: found.path, message: `The API server answers at the public address ${found.address}` };
    else if (addresses.some(({ address }) => classOf(address) === undefined)) yield { undecided: 'the address of the API server is a name' };
  },
});

interface Found {
  readonly address: string;
  readonly path: readonly Step[];
}

function addressesOfInfo(config: RawObject): readonly Found[] {
  const kubeconfig = parseEmbeddedYaml(textAt(config, 'data', 'kubeconfig') ?? '')?.value;
  return objectsAt(kubeconfig, 'clusters').flatMap(([, cluster]) => {
    const server = textAt(cluster, 'cluster', 'server') ?? '';
    return URL.canParse(server) ? [{ address: new URL(server).hostname.replace(/^\[|\]$/g, ''), path: ['data', 'kubeconfig'] }] : [];
  });
}

function addressesOfSlice(slice: RawObject): readonly Found[] {
  return objectsAt(slice, 'endpoints').flatMap(([index, endpoint]) => textsAt(endpoint, 'addresses').map((address) => ({ address, path: ['endpoints', index, 'addresses'] })));
}
