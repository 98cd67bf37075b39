import { accountSettings } from '#src/facts/account-settings.ts';
import { rbac } from '#src/facts/rbac.ts';
import { tokenMounts } from '#src/facts/token-mounts.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes, mitre, nsa } from '#src/model/references.ts';

/**
 * Reports each workload whose pods get a token of their ServiceAccount without asking for one, and each account that hands it out.
 *
 * The pod's word wins over its account's; an account that was not read hands it out, as Kubernetes does by default.
 * Tokens that a pod mounts by a volume of its own are not looked at.
 */
export const check = defineClusterCheck({
  id: 'access/token-automount',
  title: 'Pods get a token only where they need one',
  severity: 'medium',
  tips: [2],
  items: {
    pod: { title: 'Pods refuse the token of their ServiceAccount' },
    account: { title: 'ServiceAccounts do not hand out their token', severity: 'info' },
    'default-account': { title: 'The ServiceAccount default does not hand out its token', severity: 'low' },
  },
  why: 'Whoever breaks into a container finds the token there and may do what the ServiceAccount may.',
  fix: 'Set automountServiceAccountToken to false on the pod or on its ServiceAccount, and to true only where the program speaks to the API server.',
  sources: [
    cis('5.1.6'),
    nsa('Kubernetes Pod security: Protecting Pod service account tokens'),
    mitre('T1528'),
    kubernetes('Configure Service Accounts for Pods: opt out of API credential automounting', 'tasks/configure-pod-container/configure-service-account/'),
  ],
  needs: { accountSettings, rbac, tokenMounts },
  *judge({ accountSettings, rbac, tokenMounts }) {
    for (const { subject, namespace, account, asks, path } of tokenMounts) {
      if (!asks && accountSettings.get(`${namespace}/${account}`)?.automount === false) continue;
      const given = rbac.bindingsOf({ kind: 'ServiceAccount', namespace, name: account }).filter(({ object }) => !object.stock);
      const rights = given.length === 0 ? 'to which nothing that was read gives rights' : 'which has rights';
      yield {
        subject,
        item: 'pod',
        ...(given.length === 0 && { severity: 'low' }),
        path: asks ? [...path, 'automountServiceAccountToken'] : path,
        message: `Its pods get a token of the ServiceAccount ${account}, ${rights}`,
        related: [{ kind: 'ServiceAccount', namespace, name: account }, ...given.slice(0, 10).map(({ object }) => object.ref)],
      };
    }
    for (const { subject, name, automount } of accountSettings.values()) {
      if (automount === false || subject.stock) continue;
      yield {
        subject,
        item: name === 'default' ? 'default-account' : 'account',
        ...(automount && { path: ['automountServiceAccountToken'] }),
        message: name === 'default' ? 'Every pod that names no ServiceAccount gets its token' : 'Its pods get its token without asking for it',
      };
    }
  },
});
