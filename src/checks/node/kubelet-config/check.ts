import { components, type RunningComponent } from '#src/facts/components.ts';
import { kubeletSettings, type KubeletSettings } from '#src/facts/kubelet-settings.ts';
import { defineClusterCheck, type ClusterProblem, type Undecided } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { itemsOf, rowSources } from '../flag-rows.ts';
import { ROWS, type KubeletView } from './rows.ts';

/**
 * Reports what the settings of kubelets leave open: in files, and in flags where a pod or manifest shows them.
 *
 * In a cluster the kubelets themselves are asked where its configuration says `readKubelets: true`.
 */
export const check = defineClusterCheck({
  id: 'node/kubelet-config',
  title: 'The settings of kubelets are safe',
  severity: 'high',
  tips: [6],
  items: itemsOf(ROWS),
  why: 'Whoever commands a kubelet runs commands in every pod of its node and reads the Secrets of all of them.',
  fix: 'Set the value that the finding names in the configuration of the kubelet, and restart it.',
  sources: [
    ...rowSources(ROWS),
    kubernetes('Kubelet Configuration (v1beta1)', 'reference/config-api/kubelet-config.v1beta1/'),
    kubernetes('kubelet', 'reference/command-line-tools-reference/kubelet/'),
  ],
  needs: { components, kubeletSettings },
  *judge({ components, kubeletSettings }) {
    const kubelets = components.filter(({ name }) => name === 'kubelet');
    const { known, unread } = kubeletSettings;
    if (kubelets.length === 0 && known.length === 0) yield { notEvaluated: unread[0] ?? 'neither settings nor flags of a kubelet were read' };
    else for (const undecided of unread) yield { undecided };
    for (const settings of known) yield* judgeFile(settings);
    for (const kubelet of kubelets) yield* judgeFlags(kubelet);
  },
});

function* judgeFile({ subject, values, path, isOwnObject }: KubeletSettings): Generator<ClusterProblem> {
  const view: KubeletView = { byFlags: false, value: ({ key }) => values.get(key ?? ''), called: ({ key }) => key ?? '' };
  for (const [item, row] of Object.entries(ROWS)) {
    const message = row.judge(view);
    const written = row.names.map(({ key }) => key).find((key) => key !== undefined && values.has(key));
    if (message !== undefined) yield { subject, item, path: isOwnObject && written !== undefined ? written.split('.') : path, message };
  }
}

/** What a kubelet has in a file besides is not seen: only what a flag says is judged then. */
function* judgeFlags({ subject, container, path, flags }: RunningComponent): Generator<ClusterProblem | Undecided> {
  const hasFile = flags.has('config');
  const view: KubeletView = { byFlags: true, value: ({ flag }) => flags.get(flag)?.value, called: ({ flag }) => `--${flag}` };
  if (hasFile) yield { undecided: 'settings of the kubelet are in a file of its node (--config)' };
  for (const [item, row] of Object.entries(ROWS)) {
    const given = row.names.map(({ flag }) => flags.get(flag)).find((flag) => flag !== undefined);
    const isAsked = !hasFile || row.names.every(({ key, flag }) => key === undefined || flags.has(flag));
    const message = isAsked ? row.judge(view) : undefined;
    if (message !== undefined) yield { subject, container, item, path: given?.path ?? path, message };
  }
}
