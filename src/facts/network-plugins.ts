import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseImage } from '#src/model/image.ts';
import { textAt, textsAt } from '#src/model/raw.ts';
import { podOf, type Container } from '#src/model/workload.ts';

/** A network plugin that runs on the nodes. */
export interface NetworkPlugin {
  readonly subject: Subject;
  /** For people. */
  readonly name: string;
  readonly enforces: boolean;
  /** Of its image. */
  readonly tag: string | undefined;
}

interface PluginMark {
  readonly name: string;
  /** In the repository of one of its images. */
  readonly image: RegExp;
  readonly enforces: (container: Container) => boolean;
}

const always = () => true;
const never = () => false;

/** How plugins are recognised, and whether they enforce network policies. */
const PLUGINS: readonly PluginMark[] = [
  { name: 'Calico', image: /(^|\/)calico\/node$|(^|\/)calico-node$|(^|\/)mirrored-calico-node$/, enforces: always },
  { name: 'Cilium', image: /(^|\/)cilium(-rancher)?\/cilium(-dev)?$|(^|\/)cilium$|mirrored-cilium-cilium$/, enforces: always },
  { name: 'Antrea', image: /(^|\/)antrea(-agent)?(-ubuntu|-ubi)?$/, enforces: always },
  { name: 'kube-router', image: /(^|\/)kube-router$/, enforces: always },
  { name: 'Weave Net', image: /(^|\/)weave-(npc|kube)$/, enforces: always },
  { name: 'OVN-Kubernetes', image: /(^|\/)ovn-(kube|kubernetes)[\w-]*$/, enforces: always },
  { name: 'Azure Network Policy Manager', image: /(^|\/)azure-npm$/, enforces: always },
  { name: 'kube-network-policies', image: /(^|\/)kube-network-policies$/, enforces: always },
  { name: 'the network policy agent of Amazon VPC CNI', image: /(^|\/)aws-network-policy-agent$/, enforces: ({ raw }) => textsAt(raw, 'args').includes('--enable-network-policy=true') },
  // The version of August 2024 was the first to do it.
  { name: 'kindnet', image: /(^|\/)kindnetd$/, enforces: ({ raw }) => Number(/^v(\d{8})-/.exec(parseImage(textAt(raw, 'image') ?? '')?.tag ?? '')?.[1] ?? 0) >= 20240813 },
  { name: 'Amazon VPC CNI', image: /(^|\/)amazon-k8s-cni$/, enforces: never },
  { name: 'flannel', image: /(^|\/)(mirrored-)?flannel(-io-flannel|cni-flannel|-flannel)?$/, enforces: never },
];

export interface NetworkPlugins {
  readonly plugins: readonly NetworkPlugin[];
  /** The distribution enforces policies itself, in a process that is no pod. */
  readonly embedded: boolean;
}

/** The network plugins among the DaemonSets, where plugins run. */
export const networkPlugins = defineFacts({
  name: 'network-plugins',
  reads: ['Node', 'DaemonSet'],
  keeps: 'the DaemonSets that are network plugins',
  start: (): { readonly plugins: NetworkPlugin[]; embedded: boolean } => ({ plugins: [], embedded: false }),
  add(state, object, subject) {
    if (subject.ref.kind === 'Node') {
      state.embedded ||= (textAt(object, 'status', 'nodeInfo', 'kubeletVersion') ?? '').includes('+k3s');
      return;
    }
    for (const container of podOf(object)?.containers ?? []) {
      const { repository = '', tag } = parseImage(textAt(container.raw, 'image') ?? '') ?? {};
      const plugin = container.role === 'init' ? undefined : PLUGINS.find(({ image }) => image.test(repository));
      if (plugin !== undefined) state.plugins.push({ subject, name: plugin.name, enforces: plugin.enforces(container), tag });
    }
  },
  finish: (state): NetworkPlugins => state,
});
