import { defineFacts, type Subject } from '#src/model/check.ts';
import { auditLogOf, providerOf, secretsKeyOf, type ClusterProvider, type ProviderSetting } from '#src/model/cluster-description.ts';

export interface ClusterDescription {
  readonly subject: Subject;
  readonly provider: ClusterProvider;
  readonly secretsKey: ProviderSetting;
  readonly auditLog: ProviderSetting;
}

/** What providers say of managed clusters, where that is in the input. */
export const clusterDescriptions = defineFacts({
  name: 'cluster-descriptions',
  reads: ['ClusterDescription'],
  keeps: 'the provider of each described cluster, and whether it encrypts Secrets and keeps the audit log',
  start: (): ClusterDescription[] => [],
  add(state, object, subject) {
    const provider = providerOf(object);
    if (provider !== undefined) state.push({ subject, provider, secretsKey: secretsKeyOf(object), auditLog: auditLogOf(object) });
  },
});
