import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import { textAt } from '#src/model/raw.ts';

/** Whether Cilium looks at DNS queries, by which it knows what names lead to. `none` where it is not there. */
export type DnsProxy = 'on' | 'off' | 'unknown' | 'none';

/** Where Cilium's settings are, unless it was installed elsewhere. The bot may have no right to look. */
export const CILIUM_CONFIG = { namespace: 'kube-system', name: 'cilium-config' } as const;

/** @throws {ChangeFailed} when the cluster does not answer. */
export async function readDnsProxy(cluster: string, open: OpenCluster, signal: AbortSignal): Promise<DnsProxy> {
  try {
    const config = await open.get({ cluster, apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', ...CILIUM_CONFIG }, signal);
    if (config === undefined) return 'unknown';
    // It is on by default.
    return textAt(config, 'data', 'enable-l7-proxy') === 'false' ? 'off' : 'on';
  } catch (error) {
    if (error instanceof ChangeFailed && error.fault === 'forbidden') return 'unknown';
    throw error;
  }
}
