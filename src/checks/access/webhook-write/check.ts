import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder change admission webhooks. */
export const check = defineRiskCheck({
  id: 'access/webhook-write',
  title: 'Only few may change admission webhooks',
  severity: 'high',
  tips: [2],
  why: 'A webhook sees every object that is written, Secrets included, and may change it; without the webhooks of a policy engine its rules are gone.',
  fix: 'Leave webhook configurations to the installation of the policy engine, or narrow the role to its own by resourceNames.',
  sources: [cis('5.1.12'), RBAC_GOOD_PRACTICES],
  may: 'change admission webhooks',
  rights: [
    {
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    },
  ],
});
