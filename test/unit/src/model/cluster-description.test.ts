import { describe, expect, test } from '@jest/globals';
import { auditLogOf, describedCluster, secretsKeyOf } from '#src/model/cluster-description.ts';
import type { RawObject } from '#src/model/raw.ts';

const eks = (fields: RawObject) => of({ cluster: { name: 'shop', arn: 'arn:aws:eks:eu-west-3:1:cluster/shop', ...fields } });
const gke = (fields: RawObject) => of({ name: 'blog', selfLink: 'https://container.googleapis.com/v1/projects/p/locations/l/clusters/blog', ...fields });
const aks = (fields: RawObject) => of({ name: 'bank', type: 'Microsoft.ContainerService/ManagedClusters', ...fields });

describe('src/model/cluster-description.ts', () => {
  test.each([
    ['EKS with a key', eks({ encryptionConfig: [{ resources: ['secrets'] }] }), 'on'],
    ['EKS with a key for something else', eks({ encryptionConfig: [{ resources: ['configmaps'] }] }), 'off'],
    ['EKS without', eks({ encryptionConfig: null }), 'off'],
    ['GKE with a key', gke({ databaseEncryption: { state: 'ENCRYPTED' } }), 'on'],
    ['GKE with a key for everything', gke({ databaseEncryption: { state: 'ALL_OBJECTS_ENCRYPTION_ENABLED' } }), 'on'],
    ['GKE without', gke({ databaseEncryption: { state: 'DECRYPTED' } }), 'off'],
    ['AKS with a key', aks({ securityProfile: { azureKeyVaultKms: { enabled: true } } }), 'on'],
    ['AKS with a switch that is text', aks({ securityProfile: { azureKeyVaultKms: { enabled: 'true' } } }), 'off'],
    ['another provider', { apiVersion: 'example.com/v1' }, 'unknown'],
  ])('tells whether Secrets have a key: %s', (_, object, state) => {
    expect(secretsKeyOf(object).state).toBe(state);
  });

  test.each([
    ['EKS with it', eks({ logging: { clusterLogging: [{ types: ['api', 'audit'], enabled: true }] } }), 'on'],
    ['EKS with other logs', eks({ logging: { clusterLogging: [{ types: ['api'], enabled: true }, { types: ['audit'], enabled: false }] } }), 'off'],
    ['GKE with it', gke({ loggingService: 'logging.googleapis.com/kubernetes' }), 'on'],
    ['GKE without', gke({ loggingService: 'none' }), 'off'],
    ['GKE without components', gke({ loggingConfig: { componentConfig: { enableComponents: [] } } }), 'off'],
    ['AKS, which says it elsewhere', aks({}), 'unknown'],
  ])('tells whether the audit log is kept: %s', (_, object, state) => {
    expect(auditLogOf(object).state).toBe(state);
  });

  test.each([{}, { cluster: 'shop' }, { cluster: { arn: 7 } }, { type: 'Microsoft.Compute/virtualMachines' }, { selfLink: 'https://www.googleapis.com/compute/v1/projects/p' }])('takes %j for none', (value) => {
    expect(describedCluster(value)).toBeUndefined();
  });
});

function of(value: RawObject): RawObject {
  const described = describedCluster(value);
  if (described === undefined) throw new Error('no cluster');
  return described.object;
}
