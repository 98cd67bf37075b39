import { defineFacts, type Subject } from '#src/model/check.ts';
import { textAt, textMapAt } from '#src/model/raw.ts';
import { namespaceOf } from '#src/model/rbac-subject.ts';

/** A Secret with a token of a ServiceAccount that never ends. */
export interface TokenSecret {
  readonly subject: Subject;
  readonly namespace: string;
  readonly account: string;
  /** Day on which Kubernetes stopped accepting it; undefined while it does. */
  readonly invalidSince: string | undefined;
  /** Day on which it was last used, as far as Kubernetes recorded it. */
  readonly lastUsed: string | undefined;
}

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT = 'kubernetes.io/service-account.name';

/** The token Secrets. Where only metadata was read the account's name gives them away, because no other Secret has to have it. */
export const tokenSecrets = defineFacts({
  name: 'token-secrets',
  reads: ['Secret'],
  keeps: 'account and two days of each token Secret',
  start: (): TokenSecret[] => [],
  add(state, object, subject) {
    const account = textMapAt(object, 'metadata', 'annotations').get(ACCOUNT);
    const type = textAt(object, 'type');
    if (type === undefined ? account === undefined : type !== TYPE) return;
    const labels = textMapAt(object, 'metadata', 'labels');
    state.push({
      subject,
      namespace: namespaceOf(subject.ref),
      account: account ?? '',
      invalidSince: labels.get('kubernetes.io/legacy-token-invalid-since'),
      lastUsed: labels.get('kubernetes.io/legacy-token-last-used'),
    });
  },
});
