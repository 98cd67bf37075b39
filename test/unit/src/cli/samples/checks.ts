import { defineClusterCheck, defineContainerCheck, defineFacts, defineObjectCheck, type Check } from '#src/model/check.ts';
import { booleanAt, objectAt, textAt } from '#src/model/raw.ts';

const META = {
  tips: [5],
  why: 'Something goes wrong otherwise.',
  fix: 'Do something.',
  sources: [{ title: 'A standard, 1.2', url: 'https://standard.example/1.2' }],
} as const;

export const privileged = defineContainerCheck({
  ...META,
  id: 'workload/privileged',
  title: 'No container runs privileged',
  severity: 'critical',
  aliases: ['workload/root-on-node'],
  *judge(container) {
    if (booleanAt(container.raw, 'securityContext', 'privileged') === true) yield { path: ['securityContext', 'privileged'], message: `Container ${container.name} runs privileged` };
  },
});

/** One item for each key of a ConfigMap that it knows. */
export const flags = defineObjectCheck({
  ...META,
  id: 'node/flag',
  title: 'Flags are safe',
  severity: 'low',
  items: { alpha: { title: 'Alpha is off', severity: 'high' }, beta: { title: 'Beta is off' } },
  kinds: ['ConfigMap'],
  *judge(object) {
    for (const item of ['alpha', 'beta']) if (textAt(object, 'data', item) !== undefined) yield { item, path: ['data', item], message: `${item} is on` };
  },
});

/** Says what a ConfigMap tells it to. */
export const echo = defineObjectCheck({
  ...META,
  id: 'audit/echo',
  title: 'Nothing is said',
  severity: 'info',
  kinds: ['ConfigMap'],
  *judge(object) {
    const message = textAt(object, 'data', 'message');
    if (message !== undefined) yield { path: ['data', 'message'], message };
  },
});

export const needsSettings = defineObjectCheck({
  ...META,
  id: 'iac/registry',
  title: 'Images come from allowed registries',
  severity: 'medium',
  kinds: ['Pod'],
  notEvaluated: ({ settings }) => (settings.allowedRegistries === undefined ? 'no allowed registries are configured' : undefined),
  *judge(_, { settings }) {
    yield { message: `Allowed is only ${settings.allowedRegistries?.join(', ') ?? 'nothing'}` };
  },
});

export const crashing = defineObjectCheck({
  ...META,
  id: 'access/crashing',
  title: 'Accounts are fine',
  severity: 'medium',
  kinds: ['ServiceAccount'],
  *judge(object) {
    if (objectAt(object, 'crash') !== undefined) JSON.parse('hunter2');
  },
});

const namespaces = defineFacts({
  name: 'sample-namespaces',
  reads: ['Namespace'],
  keeps: 'one name each',
  start: () => new Set<string>(),
  add: (state, object) => state.add(textAt(object, 'metadata', 'name') ?? ''),
});

/** Undecided about files, because what they lack may be in the cluster. */
export const monitored = defineClusterCheck({
  ...META,
  id: 'connections/monitored',
  title: 'There is a namespace for monitoring',
  severity: 'medium',
  needs: { namespaces },
  *judge(facts, { complete }) {
    if (facts.namespaces.has('monitoring')) return;
    if (complete) yield { message: 'No namespace is for monitoring', subject: { ref: { kind: 'Namespace', name: 'monitoring' }, stock: false } };
    else yield { undecided: 'the files may not be the whole cluster' };
  },
});

export const CHECKS: readonly Check[] = [privileged, flags, echo, needsSettings];
