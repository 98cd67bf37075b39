import { tokenSecrets } from '#src/facts/token-secrets.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes, mitre, nsa } from '#src/model/references.ts';

/** Reports each Secret with a token of a ServiceAccount that never ends. Nothing of the token is read. */
export const check = defineClusterCheck({
  id: 'access/legacy-service-account-token',
  title: 'Tokens of ServiceAccounts end',
  severity: 'high',
  tips: [2],
  why: 'Such a token is valid until its Secret is deleted, wherever it was copied to.',
  fix: 'Let pods use the token that Kubernetes mounts and renews, let people and pipelines ask for one with kubectl create token, and delete the Secret.',
  sources: [
    cis('3.1.2'),
    nsa('Kubernetes Pod security: Protecting Pod service account tokens'),
    mitre('T1528'),
    kubernetes('Managing Service Accounts: legacy ServiceAccount token cleaner', 'reference/access-authn-authz/service-accounts-admin/#legacy-serviceaccount-token-cleaner'),
  ],
  needs: { tokenSecrets },
  *judge({ tokenSecrets }) {
    for (const { subject, namespace, account, invalidSince, lastUsed } of tokenSecrets) {
      const use = lastUsed === undefined ? 'no use of it is recorded' : `it was last used on ${lastUsed}`;
      yield {
        subject,
        ...(invalidSince !== undefined && { severity: 'medium' }),
        message: `Holds a token of the ServiceAccount ${account}${invalidSince === undefined ? ' that never ends' : `, not accepted since ${invalidSince}`}; ${use}`,
        related: [{ kind: 'ServiceAccount', namespace, name: account }],
      };
    }
  },
});
