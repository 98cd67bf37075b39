import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { has, VERBS, type Right } from '#src/model/rbac-rights.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Its members have all rights without any binding. */
const MASTERS = 'system:masters';
/** Groups that everybody, or every pod, belongs to. */
const BROAD: ReadonlySet<string> = new Set(['system:authenticated', 'system:serviceaccounts']);

/** More than finding out what the cluster serves. */
const SENSITIVE: Right = {
  verbs: VERBS,
  resources: [
    'pods',
    'pods/attach',
    'pods/exec',
    'pods/log',
    'pods/portforward',
    'pods/proxy',
    'secrets',
    'serviceaccounts/token',
    'nodes',
    'nodes/proxy',
    'deployments',
    'daemonsets',
    'statefulsets',
    'replicasets',
    'replicationcontrollers',
    'jobs',
    'cronjobs',
  ],
};

/**
 * Reports each binding to the group that no binding can be taken from, and each that gives everybody more than discovery.
 *
 * A shipped binding is one of them when somebody added to its role.
 */
export const check = defineClusterCheck({
  id: 'access/system-group-binding',
  title: 'Groups of Kubernetes itself have only what it gives them',
  severity: 'high',
  tips: [2],
  why: 'Everybody with any account, every pod included, has what these groups have; members of system:masters have everything, whatever the bindings say.',
  fix: 'Bind the role to a group of the people or to the ServiceAccounts that need it.',
  sources: [cis('5.1.7'), RBAC_GOOD_PRACTICES],
  needs: { rbac },
  *judge({ rbac }) {
    for (const binding of rbac.bindings) {
      const role = rbac.roleOf(binding);
      const isChanged = (role?.own.length ?? 0) > 0;
      const broad = (isChanged ? binding.subjects : binding.added).find(({ kind, name }) => kind === 'Group' && BROAD.has(name));
      const about = { subject: binding.object, path: ['subjects'], related: [roleRefOf(binding, rbac)] };
      if (binding.added.some(({ kind, name }) => kind === 'Group' && name === MASTERS)) {
        yield { ...about, severity: 'critical', message: `Gives the role ${binding.role.name} to ${MASTERS}, whose members keep all rights when it is gone` };
      } else if (broad !== undefined) {
        if (role === undefined) yield { undecided: 'the role that it gives to a group of everybody was not read' };
        else if (has(role.rights.full, SENSITIVE)) yield { ...about, message: `Gives the role ${binding.role.name} to everybody in ${broad.name}` };
      }
    }
  },
});
