import { defineContainerCheck } from '#src/model/check.ts';
import { objectAt, objectsAt, textAt, type Step } from '#src/model/raw.ts';
import { cis } from '#src/model/references.ts';
import type { Container } from '#src/model/workload.ts';

interface SecretRef {
  readonly path: readonly Step[];
  /** For people. */
  readonly what: string;
}

/** Reports each container that gets values of Secrets through its environment. */
export const check = defineContainerCheck({
  id: 'workload/secret-ref-in-env',
  title: 'Secrets are mounted as files',
  severity: 'low',
  tips: [5],
  why: 'The environment is copied to every child process, ends up in crash reports and logs, and keeps the old value until the container starts again.',
  fix: 'Mount the Secret as a volume and read the value from its file.',
  sources: [cis('5.4.1')],
  *judge(container) {
    const refs = secretRefs(container);
    const [first] = refs;
    if (first === undefined) return;
    yield { path: first.path, message: `Container ${container.name} takes values of Secrets through its environment: ${refs.map(({ what }) => what).join(', ')}` };
  },
});

function secretRefs({ raw }: Container): readonly SecretRef[] {
  const found: SecretRef[] = [];
  for (const [index, variable] of objectsAt(raw, 'env')) {
    if (objectAt(variable, 'valueFrom', 'secretKeyRef') === undefined) continue;
    found.push({ path: ['env', index, 'valueFrom', 'secretKeyRef'], what: textAt(variable, 'name') ?? `#${index}` });
  }
  for (const [index, source] of objectsAt(raw, 'envFrom')) {
    if (objectAt(source, 'secretRef') === undefined) continue;
    found.push({ path: ['envFrom', index, 'secretRef'], what: `all of the Secret ${textAt(source, 'secretRef', 'name') ?? 'without a name'}` });
  }
  return found;
}
