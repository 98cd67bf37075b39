import { components } from '#src/facts/components.ts';
import { kubeProxySettings } from '#src/facts/kube-proxy-settings.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes } from '#src/model/references.ts';

const FLAG = 'metrics-bind-address';
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)(?::\d+)?$/;

/** Reports where the metrics of kube-proxy are reachable from beyond the node. Without a word about them they are not. */
export const check = defineClusterCheck({
  id: 'node/kube-proxy-metrics-public',
  title: 'Metrics of kube-proxy are for the node alone',
  severity: 'medium',
  tips: [6],
  why: 'They tell strangers about Services and traffic, and the same port shows how kube-proxy is set up.',
  fix: 'Set metricsBindAddress of kube-proxy to 127.0.0.1:10249, or leave it empty.',
  sources: [cis('4.3.1'), kubernetes('kube-proxy Configuration (v1alpha1)', 'reference/config-api/kube-proxy-config.v1alpha1/')],
  needs: { components, kubeProxySettings },
  *judge({ components, kubeProxySettings }) {
    const proxies = components.filter(({ name }) => name === 'kube-proxy');
    if (proxies.length === 0 && kubeProxySettings.length === 0) yield { notEvaluated: 'neither settings nor flags of kube-proxy were read' };
    for (const { subject, metricsBindAddress, path } of kubeProxySettings) {
      if (isPublic(metricsBindAddress)) yield { subject, path, message: `Its metrics are reachable from beyond the node: metricsBindAddress is ${metricsBindAddress ?? ''}` };
    }
    for (const { subject, container, flags } of proxies) {
      const flag = flags.get(FLAG);
      // With a file the flag does not count.
      if (flag === undefined || flags.has('config') || !isPublic(flag.value)) continue;
      yield { subject, container, path: flag.path, message: `Its metrics are reachable from beyond the node: --${FLAG} is ${flag.value}` };
    }
  },
});

function isPublic(address: string | undefined): boolean {
  return Boolean(address) && !LOOPBACK.test(address ?? '');
}
