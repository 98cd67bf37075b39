import { accountSettings, type AccountSettings } from '#src/facts/account-settings.ts';
import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck, type Subject } from '#src/model/check.ts';
import { ciAccountOf } from '#src/model/ci-account.ts';
import { excessOf } from '#src/model/ci-excess.ts';
import { objectKey } from '#src/model/finding.ts';
import { roleRefOf, type RbacTable } from '#src/model/rbac-table.ts';
import { nsa, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/**
 * Reports each account of a pipeline that may do more than deploy to its own namespaces.
 *
 * Which namespaces are its own is known from the configuration only; bindings in others are not judged without it.
 */
export const check = defineClusterCheck({
  id: 'workload/ci-account-too-broad',
  title: 'Pipelines deploy to their own namespaces and nothing else',
  severity: 'critical',
  tips: [5],
  why: 'Whoever gets at the pipeline, a dependency or a build script for one, has the rights of its account.',
  fix: 'Bind the account in the namespaces that it deploys to, with a role that names what it deploys, and leave Secrets and roles out.',
  sources: [nsa('Authentication and authorization: Role-based access control'), RBAC_GOOD_PRACTICES],
  needs: { accountSettings, rbac },
  *judge({ accountSettings, rbac }, { settings }) {
    for (const account of accountsOf(accountSettings, rbac)) {
      const ci = ciAccountOf(account, settings);
      if (ci === undefined || account.subject.stock) continue;
      const problems = excessOf(account, ci, rbac);
      if (problems.length === 0) continue;
      const bindings = [...new Set(problems.flatMap(({ bindings }) => bindings))];
      yield {
        subject: account.subject,
        severity: problems.some(({ grave }) => grave) ? 'critical' : 'high',
        message: `The account ${account.namespace}/${account.name} of a pipeline ${problems.map(({ what }) => what).join(', and ')}`,
        related: bindings.flatMap((binding) => [binding.object.ref, roleRefOf(binding, rbac)]),
      };
    }
  },
});

type Account = Pick<AccountSettings, 'namespace' | 'name' | 'product'> & { readonly subject: Subject };

/** The accounts that were read, and those that a binding names only; such a one is reported at its first binding. */
function accountsOf(settings: ReadonlyMap<string, AccountSettings>, rbac: RbacTable): readonly Account[] {
  const accounts = new Map<string, Account>(settings);
  const inOrder = rbac.bindings.toSorted((a, b) => (objectKey(a.object.ref) < objectKey(b.object.ref) ? -1 : 1));
  for (const { object, added } of inOrder) {
    for (const { kind, name, namespace = 'default' } of added) {
      const key = `${namespace}/${name}`;
      if (kind === 'ServiceAccount' && !accounts.has(key)) accounts.set(key, { subject: object, namespace, name, product: '' });
    }
  }
  return [...accounts.values()];
}
