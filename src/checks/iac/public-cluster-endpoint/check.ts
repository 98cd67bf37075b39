import type { Problem } from '#src/model/check.ts';
import { mitre } from '#src/model/references.ts';
import { attachedTo, blockIn, blocksIn, defineTerraformCheck, flagIn, isSet, registry, textsIn, type TerraformRule } from '#src/model/terraform.ts';
import { isEveryone } from '../firewall/rule.ts';
import { AWS, AZURE, DIGITALOCEAN, GOOGLE, NCLOUD, SCALEWAY, TENCENT, YANDEX } from '../providers.ts';

type Path = NonNullable<Problem['path']>;

/** How each provider says who reaches the API server. */
const rules: readonly TerraformRule[] = [
  {
    types: ['aws_eks_cluster'],
    source: registry(AWS, 'aws_eks_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'vpc_config', 'endpoint_public_access') === false) return;
      yield onInternet(['vpc_config', 0, 'endpoint_public_access']);
      yield* openTo(textsIn(values, 'vpc_config', 'public_access_cidrs'), ['vpc_config', 0, 'public_access_cidrs']);
    },
  },
  {
    types: ['azurerm_kubernetes_cluster'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'private_cluster_enabled') === true) return;
      yield onInternet(['private_cluster_enabled']);
      const ranges = [...textsIn(values, 'api_server_access_profile', 'authorized_ip_ranges'), ...textsIn(values, 'api_server_authorized_ip_ranges')];
      yield* openTo(ranges, ['api_server_access_profile', 0, 'authorized_ip_ranges']);
    },
  },
  {
    types: ['google_container_cluster'],
    source: registry(GOOGLE, 'google_container_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'private_cluster_config', 'enable_private_endpoint') === true) return;
      yield onInternet(['private_cluster_config', 0, 'enable_private_endpoint']);
      const allowed = blockIn(values, 'master_authorized_networks_config');
      const ranges = [...blocksIn(allowed?.body, 'cidr_blocks')].flatMap(({ body }) => textsIn(body, 'cidr_block'));
      // The empty block allows nobody from outside.
      if (allowed === undefined || ranges.length > 0) yield* openTo(ranges, ['master_authorized_networks_config', 0, 'cidr_blocks']);
    },
  },
  {
    types: ['scaleway_k8s_cluster'],
    source: registry(SCALEWAY, 'scaleway_k8s_acl'),
    *judge(cluster) {
      const acls = attachedTo(cluster, ['scaleway_k8s_acl']);
      const isClosed = acls.some((acl) => flagIn(acl, 'no_ip_allowed') === true);
      const ranges = acls.flatMap((acl) => [...blocksIn(acl, 'acl_rules')].flatMap(({ body }) => textsIn(body, 'ip')));
      const isNarrowed = acls.some((acl) => [...blocksIn(acl, 'acl_rules')].length > 0);
      if (!isClosed && (!isNarrowed || ranges.some(isEveryone))) yield* openTo(ranges, []);
    },
  },
  {
    types: ['digitalocean_kubernetes_cluster'],
    source: registry(DIGITALOCEAN, 'digitalocean_kubernetes_cluster'),
    *judge({ values }) {
      const isOn = flagIn(values, 'control_plane_firewall', 'enabled') === true;
      yield* openTo(isOn ? textsIn(values, 'control_plane_firewall', 'allowed_addresses') : [], ['control_plane_firewall', 0, 'allowed_addresses']);
    },
  },
  {
    types: ['yandex_kubernetes_cluster'],
    source: registry(YANDEX, 'yandex_kubernetes_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'master', 'public_ip') === true) yield onInternet(['master', 0, 'public_ip']);
    },
  },
  {
    types: ['ncloud_nks_cluster'],
    source: registry(NCLOUD, 'ncloud_nks_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'public_network') === true) yield onInternet(['public_network']);
    },
  },
  {
    types: ['tencentcloud_kubernetes_cluster', 'tencentcloud_kubernetes_cluster_endpoint'],
    source: registry(TENCENT, 'tencentcloud_kubernetes_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'cluster_internet') !== true) return;
      yield onInternet(['cluster_internet']);
      if (!isSet(values, 'cluster_internet_security_group')) yield* openTo([], ['cluster_internet_security_group']);
    },
  },
];

/** Reports each cluster whose API server is on the internet, and whether for everyone. */
export const check = defineTerraformCheck({
  id: 'iac/public-cluster-endpoint',
  title: 'The API server is not on the internet',
  severity: 'high',
  tips: [4, 3],
  why: 'Who reaches the API server needs only a leaked token, or the next flaw in its authentication, to be in the cluster.',
  fix: 'Make the endpoint private; where that cannot be, allow only the networks of the people and pipelines that use it.',
  items: {
    'endpoint-public': { title: 'The API server has no public address' },
    'endpoint-open': { title: 'A public API server answers to known networks alone' },
  },
  sources: [mitre('T1133')],
  rules,
});

function onInternet(path: Path): Problem {
  return { item: 'endpoint-public', path, message: 'The API server has a public address' };
}

/** Nobody named means that everyone may come. */
function* openTo(ranges: readonly string[], path: Path): Generator<Problem> {
  const everyone = ranges.filter(isEveryone);
  if (ranges.length > 0 && everyone.length === 0) return;
  yield { item: 'endpoint-open', path, message: ranges.length === 0 ? 'The API server answers to every address' : `The API server answers to ${everyone.join(', ')}` };
}
