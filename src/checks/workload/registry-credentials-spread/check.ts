import { accountSettings, type AccountSettings } from '#src/facts/account-settings.ts';
import { registrySecrets, type RegistrySecret } from '#src/facts/registry-secrets.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';

/**
 * Reports passwords of registries that many can use: copied into several namespaces, or given to every pod of one.
 *
 * Of a live cluster only names of Secrets are known; there a Secret counts when a ServiceAccount signs in with it.
 */
export const check = defineClusterCheck({
  id: 'workload/registry-credentials-spread',
  title: 'A password of a registry is in one place',
  severity: 'low',
  tips: [5],
  why: 'Each copy is one more place to steal it from, and one more to forget when it is changed.',
  fix: 'Let nodes sign in to the registry by their own identity, or give each namespace a password of its own that may only pull, on the ServiceAccount that needs it.',
  sources: [kubernetes('Images: using a private registry', 'concepts/containers/images/#using-a-private-registry')],
  needs: { accountSettings, registrySecrets },
  *judge({ accountSettings, registrySecrets }) {
    const used = new Set([...accountSettings.values()].flatMap(({ namespace, pullSecrets }) => pullSecrets.map((name) => `${namespace}/${name}`)));
    const passwords = registrySecrets.filter(({ namespace, name, certain }) => certain || used.has(`${namespace}/${name}`));
    for (const [name, copies] of Map.groupBy(passwords, (secret) => secret.name)) {
      const [first, ...others] = copies.toSorted(byNamespace);
      if (first === undefined || others.length === 0) continue;
      yield {
        subject: first.subject,
        message: `The password of the registry ${name} is in ${copies.length} namespaces`,
        related: others.map(({ subject }) => subject.ref),
      };
    }
    for (const { subject, namespace, name, pullSecrets } of accountSettings.values()) {
      if (!isShared(name, pullSecrets) || subject.stock) continue;
      yield {
        subject,
        path: ['imagePullSecrets'],
        message: `Every pod of ${namespace} that names no ServiceAccount may pull images with ${pullSecrets.join(', ')}`,
        related: pullSecrets.map((secret) => ({ kind: 'Secret', namespace, name: secret })),
      };
    }
  },
});

function byNamespace(a: RegistrySecret, b: RegistrySecret): number {
  return a.namespace < b.namespace ? -1 : 1;
}

function isShared(name: string, pullSecrets: AccountSettings['pullSecrets']): boolean {
  return name === 'default' && pullSecrets.length > 0;
}
