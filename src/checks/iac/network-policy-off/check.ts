import { cis } from '#src/model/references.ts';
import { blockIn, blocksIn, defineTerraformCheck, flagIn, isSet, registry, textIn, type TerraformRule } from '#src/model/terraform.ts';
import { ALIBABA, AZURE, GOOGLE, SCALEWAY, YANDEX } from '../providers.ts';

const SCALEWAY_WITHOUT = ['none', 'flannel', 'weave', 'kilo'];

const rules: readonly TerraformRule[] = [
  {
    types: ['azurerm_kubernetes_cluster'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster'),
    *judge({ values }) {
      if (!isSet(values, 'network_profile', 'network_policy')) yield { path: ['network_profile', 0, 'network_policy'], message: 'The network_profile has no network_policy' };
    },
  },
  {
    types: ['google_container_cluster'],
    source: registry(GOOGLE, 'google_container_cluster'),
    *judge({ values }) {
      const isEnforced = flagIn(values, 'enable_autopilot') === true || textIn(values, 'datapath_provider') === 'ADVANCED_DATAPATH' || flagIn(values, 'network_policy', 'enabled') === true;
      if (!isEnforced) yield { path: ['network_policy', 0, 'enabled'], message: 'Neither network_policy nor the advanced datapath is on' };
    },
  },
  {
    types: ['yandex_kubernetes_cluster'],
    source: registry(YANDEX, 'yandex_kubernetes_cluster'),
    *judge({ values }) {
      const isEnforced = isSet(values, 'network_policy_provider') || blockIn(blockIn(values, 'network_implementation')?.body, 'cilium') !== undefined;
      if (!isEnforced) yield { path: ['network_policy_provider'], message: 'The cluster has no network_policy_provider' };
    },
  },
  {
    types: ['alicloud_cs_kubernetes', 'alicloud_cs_managed_kubernetes', 'alicloud_cs_edge_kubernetes'],
    source: registry(ALIBABA, 'alicloud_cs_managed_kubernetes'),
    *judge({ values }) {
      // Terway enforces policies, Flannel does not; pods get addresses of the VPC with Terway alone.
      const addons = [...blocksIn(values, 'addons')].map(({ body }) => textIn(body, 'name') ?? '');
      const isTerway = addons.some((name) => name.startsWith('terway')) || (isSet(values, 'pod_vswitch_ids') && !addons.includes('flannel'));
      if (!isTerway) yield { path: ['addons'], message: 'The network add-on enforces no network policies' };
    },
  },
  {
    types: ['scaleway_k8s_cluster'],
    source: registry(SCALEWAY, 'scaleway_k8s_cluster'),
    *judge({ values }) {
      const cni = textIn(values, 'cni') ?? '';
      if (SCALEWAY_WITHOUT.includes(cni)) yield { path: ['cni'], message: `The network plugin ${cni} enforces no network policies` };
    },
  },
];

/** Reports each managed cluster in which NetworkPolicies have no effect. */
export const check = defineTerraformCheck({
  id: 'iac/network-policy-off',
  title: 'Managed clusters enforce network policies',
  severity: 'medium',
  tips: [4, 7],
  why: 'A NetworkPolicy is accepted there all the same and changes nothing: every pod reaches every other one.',
  fix: 'Choose a network plugin that enforces policies; most providers only let you choose it for a new cluster.',
  sources: [cis('5.3.1')],
  rules,
});
