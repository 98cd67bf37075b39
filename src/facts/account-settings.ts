import { defineFacts, type Subject } from '#src/model/check.ts';
import { booleanAt, objectsAt, textAt, textMapAt } from '#src/model/raw.ts';
import { namespaceOf } from '#src/model/rbac-subject.ts';

/** What a ServiceAccount says about the pods and people that use it. */
export interface AccountSettings {
  readonly subject: Subject;
  readonly namespace: string;
  readonly name: string;
  /** Undefined when it does not say. */
  readonly automount: boolean | undefined;
  /** Names of the Secrets that its pods sign in to registries with. */
  readonly pullSecrets: readonly string[];
  /** The product that it belongs to, by the usual labels; empty when it does not say. */
  readonly product: string;
}

/** The ServiceAccounts, by `namespace/name`. */
export const accountSettings = defineFacts({
  name: 'account-settings',
  reads: ['ServiceAccount'],
  keeps: 'two settings and a label of each ServiceAccount',
  start: () => new Map<string, AccountSettings>(),
  add(state, object, subject) {
    const namespace = namespaceOf(subject.ref);
    const { name } = subject.ref;
    const labels = textMapAt(object, 'metadata', 'labels');
    state.set(`${namespace}/${name}`, {
      subject,
      namespace,
      name,
      automount: booleanAt(object, 'automountServiceAccountToken'),
      pullSecrets: objectsAt(object, 'imagePullSecrets').flatMap(([, secret]) => textAt(secret, 'name') ?? []),
      product: labels.get('app.kubernetes.io/part-of') ?? labels.get('app.kubernetes.io/name') ?? '',
    });
  },
});
