import { accountUses } from '#src/facts/account-uses.ts';
import { serviceAccounts } from '#src/facts/service-accounts.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';

/**
 * Reports each workload that names a ServiceAccount which does not exist.
 *
 * Files rarely hold all accounts of a cluster, so that one they do not hold is undecided there.
 */
export const check = defineClusterCheck({
  id: 'workload/service-account-missing',
  title: 'Workloads name ServiceAccounts that exist',
  severity: 'low',
  tips: [5],
  why: 'No new pod of the workload starts, and whoever may create the account later decides what its pods may do.',
  fix: 'Create the ServiceAccount, or name the one that is meant.',
  sources: [kubernetes('Configure Service Accounts for Pods', 'tasks/configure-pod-container/configure-service-account/')],
  needs: { accountUses, serviceAccounts },
  *judge({ accountUses, serviceAccounts }, { complete }) {
    for (const { subject, namespace, account, path } of accountUses) {
      if (serviceAccounts.has(namespace, account)) continue;
      if (complete) yield { subject, path, message: `It runs as the ServiceAccount ${account}, which does not exist in ${namespace}` };
      else yield { undecided: 'the ServiceAccount is not in the files, but may be in the cluster' };
    }
  },
});
