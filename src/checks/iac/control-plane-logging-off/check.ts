import { cis } from '#src/model/references.ts';
import { attachedTo, blockIn, defineTerraformCheck, flagIn, isSet, registry, textIn, textsIn, type TerraformRule } from '#src/model/terraform.ts';
import { AWS, AZURE, GOOGLE, NCLOUD, TENCENT } from '../providers.ts';

const EKS_LOGS = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
/** `logging.googleapis.com` alone is the old service, which is switched off. */
const GOOGLE_WITHOUT = ['none', 'logging.googleapis.com'];

const rules: readonly TerraformRule[] = [
  {
    types: ['aws_eks_cluster'],
    source: registry(AWS, 'aws_eks_cluster'),
    *judge({ values }) {
      const kept = textsIn(values, 'enabled_cluster_log_types');
      const missing = EKS_LOGS.filter((log) => !kept.includes(log));
      if (missing.length === 0) return;
      yield { path: ['enabled_cluster_log_types'], ...(missing.includes('audit') && { severity: 'high' as const }), message: `Not logged: ${missing.join(', ')}` };
    },
  },
  {
    types: ['azurerm_kubernetes_cluster'],
    source: registry(AZURE, 'azurerm_kubernetes_cluster'),
    *judge(cluster) {
      const { values } = cluster;
      const agent = blockIn(values, 'oms_agent') ?? blockIn(blockIn(values, 'addon_profile')?.body, 'oms_agent');
      const isOn = agent !== undefined && (isSet(agent.body, 'log_analytics_workspace_id') || flagIn(agent.body, 'enabled') === true) && flagIn(agent.body, 'enabled') !== false;
      if (isOn || attachedTo(cluster, ['azurerm_monitor_diagnostic_setting']).length > 0) return;
      yield { path: ['oms_agent'], message: 'Neither an oms_agent nor a diagnostic setting keeps the logs' };
    },
  },
  {
    types: ['google_container_cluster'],
    source: registry(GOOGLE, 'google_container_cluster'),
    *judge({ values }) {
      if (GOOGLE_WITHOUT.includes(textIn(values, 'logging_service') ?? '')) yield { path: ['logging_service'], message: `The logging_service is ${textIn(values, 'logging_service') ?? ''}, which keeps nothing` };
      const config = blockIn(values, 'logging_config');
      if (config !== undefined && textsIn(config.body, 'enable_components').length === 0) yield { path: [...config.path, 'enable_components'], message: 'The logging_config names no component' };
    },
  },
  {
    types: ['ncloud_nks_cluster'],
    source: registry(NCLOUD, 'ncloud_nks_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'log', 'audit') !== true) yield { path: ['log', 0, 'audit'], message: 'The audit log is off' };
    },
  },
  {
    types: ['tencentcloud_kubernetes_cluster'],
    source: registry(TENCENT, 'tencentcloud_kubernetes_cluster'),
    *judge({ values }) {
      if (flagIn(values, 'log_agent', 'enabled') !== true) yield { path: ['log_agent', 0, 'enabled'], message: 'The log agent is off' };
    },
  },
];

/** Reports each managed cluster whose control plane keeps no log, or not all of them. */
export const check = defineTerraformCheck({
  id: 'iac/control-plane-logging-off',
  title: 'The control plane of managed clusters logs',
  severity: 'medium',
  tips: [4, 8],
  why: 'What nobody recorded cannot be looked up after an attack: who made the pod, who read the Secret, from where.',
  fix: 'Switch on every log of the control plane, the audit log first.',
  sources: [cis('3.2.1')],
  rules,
});
