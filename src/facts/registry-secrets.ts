import { defineFacts, type Subject } from '#src/model/check.ts';
import { textAt, textMapAt } from '#src/model/raw.ts';
import { namespaceOf } from '#src/model/rbac-subject.ts';

/** A Secret that is, or may be, a password of a registry. */
export interface RegistrySecret {
  readonly subject: Subject;
  readonly namespace: string;
  readonly name: string;
  /** False where only metadata was read, which does not tell the type. */
  readonly certain: boolean;
}

const TYPES: ReadonlySet<string> = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);
const ACCOUNT = 'kubernetes.io/service-account.name';
const HELM_RELEASE = 'sh.helm.release.';

/** Secrets with passwords of registries, and those that may be. */
export const registrySecrets = defineFacts({
  name: 'registry-secrets',
  reads: ['Secret'],
  keeps: 'the name of each Secret that may be a password of a registry',
  start: (): RegistrySecret[] => [],
  add(state, object, subject) {
    const { name } = subject.ref;
    const type = textAt(object, 'type');
    const isOther = textMapAt(object, 'metadata', 'annotations').has(ACCOUNT) || name.startsWith(HELM_RELEASE);
    if (type === undefined ? isOther : !TYPES.has(type)) return;
    state.push({ subject, namespace: namespaceOf(subject.ref), name, certain: type !== undefined });
  },
});
