import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { textAt } from '#src/model/raw.ts';

const NAME = 'kube-proxy';
const FILE = 'config.conf';

export interface KubeProxySettings {
  readonly subject: Subject;
  /** Undefined or empty where the default counts. */
  readonly metricsBindAddress: string | undefined;
  readonly path: readonly string[];
}

/** The settings that kubeadm keeps for kube-proxy. */
export const kubeProxySettings = defineFacts({
  name: 'kube-proxy-settings',
  reads: ['ConfigMap'],
  keeps: 'the address of the metrics of kube-proxy',
  start: (): KubeProxySettings[] => [],
  add(state, object, subject) {
    const text = subject.ref.namespace === 'kube-system' && subject.ref.name === NAME ? textAt(object, 'data', FILE) : undefined;
    const settings = text === undefined ? undefined : parseEmbeddedYaml(text);
    if (settings !== undefined) state.push({ subject, metricsBindAddress: textAt(settings.value, 'metricsBindAddress'), path: ['data', FILE] });
  },
});
