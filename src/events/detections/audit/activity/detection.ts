import type { CheckItem } from '#src/model/check.ts';
import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';

/** Resource → what an item calls it. A role and a ClusterRole are one, and so are their bindings. */
const COUNTED: Readonly<Record<string, string>> = {
  namespaces: 'namespace',
  deployments: 'deployment',
  services: 'service',
  configmaps: 'configmap',
  secrets: 'secret',
  serviceaccounts: 'serviceaccount',
  roles: 'role',
  clusterroles: 'role',
  rolebindings: 'rolebinding',
  clusterrolebindings: 'rolebinding',
};
const DID = { create: 'created', delete: 'deleted' } as const;
const MACHINERY = 'kube-system';

/** Counts what was created and deleted. Never worth a message by itself; Secrets that components make for themselves are not counted. */
export const detection = defineDetection({
  id: 'audit/activity',
  title: 'Something was created or deleted',
  severity: 'info',
  tips: [8],
  why: 'The sums show what is usual in a cluster, so that the unusual stands out.',
  fix: 'Nothing; look at the sums.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: Object.fromEntries(
    [...new Set(Object.values(COUNTED))].flatMap((kind) => Object.values(DID).map((did): [string, CheckItem] => [`${kind}-${did}`, { title: `A ${kind} was ${did}` }])),
  ),
  audit: {
    resources: Object.keys(COUNTED),
    verbs: Object.keys(DID),
    *judge(event) {
      const { outcome, target, verb } = event;
      const kind = COUNTED[target?.resource ?? ''];
      if (outcome !== 'allowed' || kind === undefined) return;
      if (kind === 'secret' && (isBySystem(event) || target?.namespace === MACHINERY)) return;
      const did = verb === 'create' ? DID.create : DID.delete;
      yield { item: `${kind}-${did}`, message: `${userName(event)} ${did} the ${kind} ${objectName(event)}` };
    },
  },
});
