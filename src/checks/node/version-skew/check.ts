import { defineObjectCheck } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { formatVersion, parseVersion } from '#src/model/version.ts';

/** Minor versions that a kubelet may be behind its API server. */
const MAY_BE_BEHIND = 3;

/** Reports each node whose kubelet does not go with the version of the API server. */
export const check = defineObjectCheck({
  id: 'node/version-skew',
  title: 'Kubelets go with the version of the API server',
  severity: 'medium',
  tips: [6],
  why: 'Nobody tests such pairs: rules of newer versions may be ignored by the node without a word.',
  fix: 'Upgrade the control plane first and then the nodes, so that no kubelet is newer, or more than three minor versions older.',
  sources: [{ title: 'Kubernetes: Version Skew Policy', url: 'https://kubernetes.io/releases/version-skew-policy/#kubelet' }],
  kinds: ['Node'],
  notEvaluated: ({ complete }) => (complete ? undefined : 'only a cluster tells which version its API server has'),
  *judge(object, { version }) {
    const text = textAt(object, 'status', 'nodeInfo', 'kubeletVersion') ?? '';
    const kubelet = parseVersion(text);
    if (kubelet === undefined) return;
    const path = ['status', 'nodeInfo', 'kubeletVersion'];
    const behind = version.minor - kubelet.minor;
    if (behind < 0) yield { path, message: `Its kubelet ${text} is newer than the API server, which is ${formatVersion(version)}` };
    else if (behind > MAY_BE_BEHIND) yield { path, message: `Its kubelet ${text} is ${behind} minor versions older than the API server, which is ${formatVersion(version)}; ${MAY_BE_BEHIND} are supported` };
  },
});
