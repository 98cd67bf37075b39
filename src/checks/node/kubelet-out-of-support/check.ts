import { defineObjectCheck } from '#src/model/check.ts';
import { endOfLife, SUPPORT_TABLE, supportOf } from '#src/model/kubernetes-support.ts';
import { textAt } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';
import { formatVersion, parseVersion } from '#src/model/version.ts';

/** Reports each node whose kubelet, or whose API server, gets no security fixes any more. */
export const check = defineObjectCheck({
  id: 'node/kubelet-out-of-support',
  title: 'Every node runs a version of Kubernetes that is maintained',
  severity: 'high',
  tips: [6],
  why: 'Holes that are found in a version after its end are known to everybody and closed by nobody.',
  fix: 'Upgrade the control plane one minor version at a time, then the nodes.',
  sources: [
    nsa('Upgrading and application security practices'),
    { title: `Kubernetes: Patch Releases, as of ${SUPPORT_TABLE.asOf}`, url: 'https://kubernetes.io/releases/patch-releases/' },
  ],
  kinds: ['Node'],
  *judge(object, { version, complete, now }) {
    const text = textAt(object, 'status', 'nodeInfo', 'kubeletVersion') ?? '';
    const kubelet = parseVersion(text);
    if (kubelet === undefined) return;
    const ended = [
      ...(supportOf(kubelet.minor, now) === 'ended' ? [`its kubelet is ${text}${ending(kubelet.minor)}`] : []),
      // Files do not tell which version the API server has.
      ...(complete && supportOf(version.minor, now) === 'ended' ? [`its API server is ${formatVersion(version)}${ending(version.minor)}`] : []),
    ];
    const path = ['status', 'nodeInfo', 'kubeletVersion'];
    if (ended.length > 0) yield { path, message: `It gets no security fixes any more: ${ended.join(', and ')}` };
    else if (supportOf(kubelet.minor, now) === 'unknown') {
      yield { undecided: `whether ${formatVersion(kubelet)} is maintained is not known: the table of versions is of ${SUPPORT_TABLE.asOf}` };
    }
  },
});

function ending(minor: number): string {
  const day = endOfLife(minor);
  return day === undefined ? '' : `, which ended on ${day}`;
}
