import type { Problem } from '#src/model/check.ts';
import { attachedTo, blocksIn, defineTerraformCheck, flagIn, registry, type TerraformRule } from '#src/model/terraform.ts';
import { AWS, AZURE, GOOGLE, SCALEWAY, TENCENT, YANDEX } from '../providers.ts';

const AZURE_FLAGS = ['node_public_ip_enabled', 'enable_node_public_ip'];

const rules: readonly TerraformRule[] = [
  {
    types: ['azurerm_kubernetes_cluster'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster'),
    *judge({ values }) {
      for (const name of AZURE_FLAGS) if (flagIn(values, 'default_node_pool', name) === true) yield publicNodes(['default_node_pool', 0, name]);
    },
  },
  {
    types: ['azurerm_kubernetes_cluster_node_pool'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster_node_pool'),
    *judge({ values }) {
      for (const name of AZURE_FLAGS) if (flagIn(values, name) === true) yield publicNodes([name]);
    },
  },
  {
    types: ['google_container_cluster'],
    source: registry(GOOGLE, 'google_container_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'private_cluster_config', 'enable_private_nodes') !== true) yield publicNodes(['private_cluster_config', 0, 'enable_private_nodes']);
    },
  },
  {
    types: ['google_container_node_pool'],
    source: registry(GOOGLE, 'google_container_node_pool'),
    *judge({ values }) {
      // What it does not say it takes from the cluster.
      if (flagIn(values, 'network_config', 'enable_private_nodes') === false) yield publicNodes(['network_config', 0, 'enable_private_nodes']);
    },
  },
  {
    types: ['scaleway_k8s_pool'],
    source: registry(SCALEWAY, 'scaleway_k8s_pool'),
    *judge({ values }) {
      if (flagIn(values, 'public_ip_disabled') !== true) yield publicNodes(['public_ip_disabled']);
    },
  },
  {
    types: ['yandex_kubernetes_node_group'],
    source: registry(YANDEX, 'yandex_kubernetes_node_group'),
    *judge({ values }) {
      for (const { path, body } of blocksIn(values, 'instance_template')) {
        if (flagIn(body, 'nat') === true) yield publicNodes([...path, 'nat']);
        for (const { path: below, body: network } of blocksIn(body, 'network_interface')) if (flagIn(network, 'nat') === true) yield publicNodes([...path, ...below, 'nat']);
      }
    },
  },
  {
    types: ['tencentcloud_kubernetes_cluster', 'tencentcloud_kubernetes_scale_worker'],
    source: registry(TENCENT, 'tencentcloud_kubernetes_cluster'),
    *judge({ values }) {
      for (const name of ['worker_config', 'master_config']) {
        for (const { path, body } of blocksIn(values, name)) if (flagIn(body, 'public_ip_assigned') === true) yield publicNodes([...path, 'public_ip_assigned']);
      }
    },
  },
  {
    types: ['aws_subnet'],
    source: registry(AWS, 'aws_subnet'),
    *judge(subnet) {
      if (flagIn(subnet.values, 'map_public_ip_on_launch') !== true || attachedTo(subnet, ['aws_eks_node_group']).length === 0) return;
      yield { path: ['map_public_ip_on_launch'], message: 'Nodes of an EKS node group get public addresses in this subnet' };
    },
  },
];

/** Reports each node pool whose nodes get public addresses. */
export const check = defineTerraformCheck({
  id: 'iac/public-nodes',
  title: 'Nodes have no public addresses',
  severity: 'high',
  tips: [4, 6],
  why: 'Every port of a node with a public address is one firewall rule away from the internet: SSH, the kubelet and every node port.',
  fix: 'Turn public addresses of nodes off, and give them a way out through NAT or a gateway.',
  rules,
});

function publicNodes(path: NonNullable<Problem['path']>): Problem {
  return { path, message: 'Nodes get public addresses' };
}
