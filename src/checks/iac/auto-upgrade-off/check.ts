import { nsa } from '#src/model/references.ts';
import { defineTerraformCheck, flagIn, registry, textIn, type TerraformRule } from '#src/model/terraform.ts';
import { AZURE, GOOGLE, SCALEWAY, YANDEX } from '../providers.ts';

const rules: readonly TerraformRule[] = [
  {
    types: ['scaleway_k8s_cluster'],
    source: registry(SCALEWAY, 'scaleway_k8s_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'auto_upgrade', 'enable') !== true) yield { path: ['auto_upgrade', 0, 'enable'], message: 'The cluster is not upgraded by itself' };
    },
  },
  {
    types: ['google_container_node_pool'],
    source: registry(GOOGLE, 'google_container_node_pool'),
    *judge({ values }) {
      // Google upgrades unless it is told not to.
      if (flagIn(values, 'management', 'auto_upgrade') === false) yield { path: ['management', 0, 'auto_upgrade'], message: 'The nodes are not upgraded by themselves' };
    },
  },
  {
    types: ['azurerm_kubernetes_cluster'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster'),
    *judge({ values }) {
      const channel = textIn(values, 'automatic_upgrade_channel') ?? textIn(values, 'automatic_channel_upgrade') ?? 'none';
      if (channel === 'none' || channel === '') yield { path: ['automatic_upgrade_channel'], message: 'The cluster has no automatic_upgrade_channel' };
    },
  },
  {
    types: ['yandex_kubernetes_cluster'],
    source: registry(YANDEX, 'yandex_kubernetes_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'master', 'maintenance_policy', 'auto_upgrade') !== true) yield { path: ['master', 0, 'maintenance_policy', 0, 'auto_upgrade'], message: 'The control plane is not upgraded by itself' };
    },
  },
  {
    types: ['yandex_kubernetes_node_group'],
    source: registry(YANDEX, 'yandex_kubernetes_node_group'),
    *judge({ values }) {
      if (flagIn(values, 'maintenance_policy', 'auto_upgrade') !== true) yield { path: ['maintenance_policy', 0, 'auto_upgrade'], message: 'The nodes are not upgraded by themselves' };
    },
  },
];

/** Reports each control plane and node pool that is upgraded only when somebody thinks of it. */
export const check = defineTerraformCheck({
  id: 'iac/auto-upgrade-off',
  title: 'Control planes and nodes are upgraded by themselves',
  severity: 'low',
  tips: [4, 6],
  why: 'Fixes for known flaws wait for a person who has the time, while the flaws are public.',
  fix: 'Switch automatic upgrades on, with a window in which they may happen.',
  sources: [nsa('Upgrading and application security practices')],
  rules,
});
