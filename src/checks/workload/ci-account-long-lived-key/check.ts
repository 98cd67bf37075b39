import { accountSettings } from '#src/facts/account-settings.ts';
import { clientCertificates } from '#src/facts/client-certificates.ts';
import { tokenSecrets } from '#src/facts/token-secrets.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { ciAccountOf, isCiName } from '#src/model/ci-account.ts';
import { cis, kubernetes } from '#src/model/references.ts';

/** Reports each key of a pipeline that is valid for long: a token Secret of its account, or a certificate. */
export const check = defineClusterCheck({
  id: 'workload/ci-account-long-lived-key',
  title: 'Pipelines sign in with keys that end soon',
  severity: 'high',
  tips: [5],
  why: 'A key of a pipeline is copied into its settings, its logs and its backups, and works from anywhere until somebody takes it back.',
  fix: 'Let the pipeline sign in with the token of its own job (OIDC) or one of kubectl create token; then delete the Secret, or for a certificate take its user out of the bindings.',
  sources: [cis('3.1.2'), kubernetes('Managing Service Accounts: manual Secret management', 'reference/access-authn-authz/service-accounts-admin/')],
  needs: { accountSettings, clientCertificates, tokenSecrets },
  *judge({ accountSettings, clientCertificates, tokenSecrets }, { now, settings }) {
    for (const { subject, namespace, account, invalidSince, lastUsed } of tokenSecrets) {
      const product = accountSettings.get(`${namespace}/${account}`)?.product ?? '';
      if (invalidSince !== undefined || ciAccountOf({ namespace, name: account, product }, settings) === undefined) continue;
      const use = lastUsed === undefined ? '' : `; last used on ${lastUsed}`;
      yield {
        subject,
        message: `Holds a token of the account ${account} of a pipeline that never ends${use}`,
        related: [{ kind: 'ServiceAccount', namespace, name: account }],
      };
    }
    for (const { subject, certificate } of clientCertificates) {
      if (certificate === undefined || certificate.expiresAtMs <= now.getTime() || !isCiName(certificate.user)) continue;
      yield {
        subject,
        path: ['status', 'certificate'],
        message: `The pipeline ${certificate.user} signs in with a certificate until ${new Date(certificate.expiresAtMs).toISOString().slice(0, 10)}`,
      };
    }
  },
});
