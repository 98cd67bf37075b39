import { loggedBody, objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { GIVING_VERBS, risksOf, ROLE_RESOURCES, type RoleRisk } from '../rbac-change.ts';

const LETS: Readonly<Record<RoleRisk, string>> = {
  wildcard: 'do anything, or to anything',
  'pod-exec': 'run commands in pods',
  'node-proxy': 'use the API of kubelets',
  escalate: 'give themselves more rights',
  impersonate: 'act as others',
  secrets: 'read Secrets',
  write: 'change something',
};

/** Tells of each role that somebody made or changed so that it gives a risky right. */
export const detection = defineDetection({
  id: 'audit/risky-role-created',
  title: 'A role with a risky right was made',
  severity: 'high',
  tips: [8, 2],
  why: 'Whoever gets the role gets a way to more than it looks like.',
  fix: 'Ask whoever made it why; narrow it to the verbs, resources and names that are needed.',
  sources: [cis('5.1.3'), RBAC_GOOD_PRACTICES],
  items: {
    wildcard: { title: 'A role with a wildcard was made' },
    'pod-exec': { title: 'A role to run commands in pods was made' },
    'node-proxy': { title: 'A role to use the API of kubelets was made' },
    escalate: { title: 'A role to give more rights was made' },
    impersonate: { title: 'A role to act as others was made' },
    secrets: { title: 'A role to read Secrets was made' },
    write: { title: 'A role to change something was made', severity: 'low' },
  },
  audit: {
    resources: ROLE_RESOURCES,
    verbs: GIVING_VERBS,
    *judge(event) {
      if (event.outcome !== 'allowed' || isBySystem(event)) return;
      const logged = loggedBody(event);
      if ('undecided' in logged) return yield logged;
      for (const item of risksOf(logged.body)) yield { item, message: `${userName(event)} made the role ${objectName(event)}, which lets its holders ${LETS[item]}` };
    },
  },
});
