import { defineContainerCheck } from '#src/model/check.ts';
import { ifKnown, knownObjectsAt, knownOf, objectAt, textAt, unknownLast, type RawObject, type Step } from '#src/model/raw.ts';
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

/** @throws {Unresolved} when some variables are not known, and none of the others is of a Secret. */
function secretRefs({ raw }: Container): readonly SecretRef[] {
  return knownOf(unknownLast([variableRefs, wholeSecrets], (refs) => refs(raw)));
}

function variableRefs(container: RawObject): Iterable<SecretRef> {
  return unknownLast(knownObjectsAt(container, 'env'), function* ([index, variable]) {
    if (objectAt(variable, 'valueFrom', 'secretKeyRef') === undefined) return;
    yield { path: ['env', index, 'valueFrom', 'secretKeyRef'], what: textAt(variable, 'name') ?? `#${index}` };
  });
}

function wholeSecrets(container: RawObject): Iterable<SecretRef> {
  return unknownLast(knownObjectsAt(container, 'envFrom'), function* ([index, source]) {
    if (objectAt(source, 'secretRef') === undefined) return;
    yield { path: ['envFrom', index, 'secretRef'], what: `all of the Secret ${ifKnown(() => textAt(source, 'secretRef', 'name'), undefined) ?? 'without a name'}` };
  });
}
