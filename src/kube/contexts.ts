import { KubeConfig } from '@kubernetes/client-node';
import { ClusterUnreachable } from '#src/model/clusters.ts';

/** How one cluster is reached: a context of a kubeconfig file, a kubeconfig as text, or the service account of the pod that this process runs in. */
export type ClusterAddress = { readonly inCluster: true } | { readonly text: string } | { readonly kubeconfig?: string; readonly context?: string };

/**
 * The configuration with the right context chosen.
 *
 * @throws {ClusterUnreachable} that names what is missing.
 */
export function configFor(address: ClusterAddress): KubeConfig {
  const config = new KubeConfig();
  if ('inCluster' in address && process.env.KUBERNETES_SERVICE_HOST === undefined) throw new ClusterUnreachable('this process does not run in a pod of a cluster');
  try {
    if ('inCluster' in address) config.loadFromCluster();
    else if ('text' in address) config.loadFromString(address.text);
    else if (address.kubeconfig !== undefined && !address.kubeconfig.includes(':')) config.loadFromFile(address.kubeconfig);
    else config.loadFromDefault();
  } catch (error) {
    throw new ClusterUnreachable('the kubeconfig cannot be read', { cause: error });
  }
  if ('inCluster' in address || 'text' in address) return config;
  const wanted = address.context ?? config.getCurrentContext();
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(wanted)) throw new ClusterUnreachable(`the kubeconfig has no context ${wanted}; it has ${names.join(', ') || 'none'}`);
  config.setCurrentContext(wanted);
  if (config.getCurrentCluster() === null) throw new ClusterUnreachable(`the context ${wanted} names a cluster that the kubeconfig does not have`);
  return config;
}

/** The current context's name, for the cluster that is watched when none is named; undefined without a kubeconfig. */
export function currentContext(kubeconfig: string | undefined): string | undefined {
  const config = new KubeConfig();
  try {
    if (kubeconfig !== undefined && !kubeconfig.includes(':')) config.loadFromFile(kubeconfig);
    else config.loadFromDefault();
  } catch {
    return undefined;
  }
  // client-node invents this context when it finds no file.
  const name = config.getCurrentContext();
  return config.getContexts().some((context) => context.name === name) && name !== 'loaded-context' ? name : undefined;
}
