import { networkPlugins } from '#src/facts/network-plugins.ts';
import { networkPolicies } from '#src/facts/network-policies.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes, mitre } from '#src/model/references.ts';

/** Reports a cluster with network policies whose network plugin does not act on them. Files do not show the plugin. */
export const check = defineClusterCheck({
  id: 'exposure/network-policy-not-enforced',
  title: 'The network plugin enforces network policies',
  severity: 'critical',
  tips: [3],
  why: 'The API server takes policies whether or not anything acts on them: everything that they forbid is open.',
  fix: 'Install a network plugin that enforces policies, such as Calico or Cilium, or one that does it beside the plugin there is.',
  sources: [cis('5.3.1'), mitre('T1046'), kubernetes('Network Policies: Prerequisites', 'concepts/services-networking/network-policies/#prerequisites')],
  notEvaluated: ({ complete }) => (complete ? undefined : 'files do not show which network plugin the cluster runs'),
  needs: { networkPolicies, networkPlugins },
  *judge({ networkPolicies: { namespaced }, networkPlugins: { plugins, embedded } }) {
    const [policy] = namespaced.toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
    if (policy === undefined || embedded || plugins.some(({ enforces }) => enforces)) return;
    const amount = `${namespaced.length} network ${namespaced.length === 1 ? 'policy' : 'policies'}`;
    const [plugin] = plugins.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (plugin !== undefined) yield { subject: plugin.subject, path: ['spec'], message: `Nothing enforces ${amount}: ${plugin.name} does not`, related: [policy.subject.ref] };
    else yield { subject: policy.subject, severity: 'info', path: ['spec'], message: `Nothing is known to enforce ${amount}: no network plugin was recognised` };
  },
});
