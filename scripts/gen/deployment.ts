import { stringify } from 'yaml';
import { checks } from '#src/checks/index.gen.ts';
import { kindsOf } from '#src/model/check.ts';
import { kindInfo, WORKLOAD_KINDS, type Kind } from '#src/model/kinds.ts';
import { slackManifest } from '#src/slack/manifest.ts';
import { enforcement } from './enforcement.ts';
import { HEADER, type Generated } from './generated.ts';

/** What a deployment needs: the rights in a cluster that the checks ask for, and the Slack app. */
export function deployment(): readonly Generated[] {
  const role = rbac([...new Set(checks.flatMap(kindsOf))].filter((kind) => !kindInfo(kind).fileOnly));
  return [
    { path: 'deploy/kubernetes/scan-role.gen.yaml', text: role },
    { path: 'deploy/kubernetes/k8ssec-enforce.gen.yaml', text: enforcement() },
    { path: 'deploy/kubernetes/k8ssec-kubelets.gen.yaml', text: kubelets() },
    // The demo cluster gives the bot the same rights, no more.
    { path: 'src/sandbox/demo/manifests/90-k8ssec.gen.yaml', text: role },
    // Of the demo's roles, those whose bindings somebody may want to try things with.
    { path: 'src/sandbox/demo/manifests/91-k8ssec-enforce.gen.yaml', text: enforcement(['view', 'edit', 'support', 'cluster-admin']) },
    { path: 'deploy/slack/manifest.socket.gen.json', text: json(slackManifest({ mode: 'socket' })) },
    { path: 'deploy/slack/manifest.http.gen.json', text: json(slackManifest({ mode: 'http', requestUrl: 'https://k8ssec.example.com/slack/events' })) },
  ];
}

/** To find whose a pod is that events are about, for alarms as well as for connections, the labels of workloads that entries of the allowlist are for, and the addresses of services. */
const CONNECTION_RULES = [
  ...[...Map.groupBy(WORKLOAD_KINDS.filter((kind) => kind !== 'PodTemplate'), (kind) => kindInfo(kind).groups[0] ?? '')]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, kinds]) => ({ apiGroups: [group], resources: kinds.map((kind) => kindInfo(kind).resource).toSorted(), verbs: ['get'] })),
  { apiGroups: kindInfo('ServiceCIDR').groups, resources: [kindInfo('ServiceCIDR').resource], verbs: ['list'] },
];

/** `list` of what checks read, what watching connections needs, and no content of Secrets: those have a role of their own that nobody has to bind. */
function rbac(kinds: readonly Kind[]): string {
  const required = kinds.filter((kind) => !kindInfo(kind).optional);
  const optional = kinds.filter((kind) => kindInfo(kind).optional);
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'k8ssec', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'k8ssec', namespace: 'k8ssec' } },
    clusterRole('k8ssec-scan', required),
    binding('k8ssec-scan'),
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'k8ssec-connections' }, rules: CONNECTION_RULES },
    binding('k8ssec-connections'),
  ];
  const documents = objects.map((object) => stringify(object, { lineWidth: 0 }));
  const extra = optional.length === 0 ? '' : `---\n# Optional, and bound to nobody here: Kubernetes cannot limit a list of Secrets to their metadata, which is all that k8ssec asks for.\n# Without it the checks that read ${optional.map((kind) => kindInfo(kind).resource).join(', ')} are shown as not evaluated.\n${stringify(clusterRole('k8ssec-scan-optional', optional), { lineWidth: 0 })}`;
  return `# ${HEADER}\n${documents.join('---\n')}${extra}`;
}

/** For clusters with `readKubelets: true`. */
function kubelets(): string {
  const name = 'k8ssec-kubelets';
  const warning = [
    'Optional: lets the bot ask kubelets for their settings, where the configuration of the cluster says `readKubelets: true`.',
    'Beware: this right is as good as root on every node. Kubernetes cannot limit it to the settings; whoever holds it can also run',
    'commands in every pod. Read "Settings of kubelets" in docs/operations.md first.',
  ];
  const objects = [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: [{ apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] }] }, binding(name)];
  return `# ${HEADER}\n${warning.map((line) => `# ${line}\n`).join('')}${objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n')}`;
}

function clusterRole(name: string, kinds: readonly Kind[]): object {
  const byGroup = Map.groupBy(
    kinds.flatMap((kind) => kindInfo(kind).groups.slice(0, 1).map((group) => ({ group, resource: kindInfo(kind).resource }))),
    ({ group }) => group,
  );
  const rules = [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, entries]) => ({ apiGroups: [group], resources: entries.map(({ resource }) => resource).sort(), verbs: ['list'] }));
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules };
}

function binding(name: string): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'k8ssec', namespace: 'k8ssec' }],
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
