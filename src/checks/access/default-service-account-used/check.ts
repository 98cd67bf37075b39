import { accountSettings } from '#src/facts/account-settings.ts';
import { rbac } from '#src/facts/rbac.ts';
import { tokenMounts } from '#src/facts/token-mounts.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes } from '#src/model/references.ts';

/** Reports each workload that holds rights which were given to the ServiceAccount `default`. */
export const check = defineClusterCheck({
  id: 'access/default-service-account-used',
  title: 'Workloads with rights have a ServiceAccount of their own',
  severity: 'low',
  tips: [2],
  why: 'Rights of the ServiceAccount default belong to every pod of the namespace, so that nobody can say which workload needs them.',
  fix: 'Create a ServiceAccount for the workload, name it in the pod, and move the binding to it.',
  sources: [cis('5.1.5'), kubernetes('Service Accounts: default service accounts', 'concepts/security/service-accounts/')],
  needs: { accountSettings, rbac, tokenMounts },
  *judge({ accountSettings, rbac, tokenMounts }) {
    for (const { subject, namespace, account, asks, path } of tokenMounts) {
      if (account !== 'default' || (!asks && accountSettings.get(`${namespace}/default`)?.automount === false)) continue;
      const given = rbac.bindingsOf({ kind: 'ServiceAccount', namespace, name: 'default' }).filter(({ object }) => !object.stock);
      if (given.length === 0) continue;
      yield {
        subject,
        path,
        message: `It runs as the ServiceAccount default, which has the rights of ${[...new Set(given.map(({ role }) => role.name))].slice(0, 3).join(', ')}`,
        related: given.slice(0, 10).map(({ object }) => object.ref),
      };
    }
  },
});
