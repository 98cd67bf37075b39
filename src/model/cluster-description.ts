import { booleanAt, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject, type Step } from './raw.ts';

export type ClusterProvider = 'EKS' | 'GKE' | 'AKS';

const API_VERSIONS: Readonly<Record<ClusterProvider, string>> = {
  EKS: 'eks.amazonaws.com/v1',
  GKE: 'container.googleapis.com/v1',
  AKS: 'containerservice.azure.com/v1',
};

/** A cluster of a provider, in the shape of an object of Kubernetes. */
export interface DescribedCluster {
  readonly object: RawObject;
  /** From the root of the document to what became the object. */
  readonly path: readonly Step[];
}

/** What `aws eks describe-cluster`, `gcloud container clusters describe` and `az aks show` print as JSON or YAML; undefined for anything else. */
export function describedCluster(value: RawObject): DescribedCluster | undefined {
  const eks = objectAt(value, 'cluster');
  if (eks !== undefined && /^arn:aws[\w-]*:eks:/.test(textAt(eks, 'arn') ?? '')) return { object: asObject('EKS', eks), path: ['cluster'] };
  if (/^https:\/\/container\.googleapis\.com\/.+\/clusters\//.test(textAt(value, 'selfLink') ?? '')) return { object: asObject('GKE', value), path: [] };
  return /^microsoft\.containerservice\/managedclusters$/i.test(textAt(value, 'type') ?? '') ? { object: asObject('AKS', value), path: [] } : undefined;
}

function asObject(provider: ClusterProvider, cluster: RawObject): RawObject {
  return { ...cluster, apiVersion: API_VERSIONS[provider], kind: 'ClusterDescription', metadata: { name: textAt(cluster, 'name') ?? '' } };
}

/** Something that a provider does or does not do; `unknown` where the description does not tell. */
export interface ProviderSetting {
  readonly state: 'on' | 'off' | 'unknown';
  /** From the root of the object. */
  readonly path: readonly Step[];
}

export function providerOf(object: RawObject): ClusterProvider | undefined {
  return (Object.keys(API_VERSIONS) as ClusterProvider[]).find((provider) => API_VERSIONS[provider] === textAt(object, 'apiVersion'));
}

/** Whether Secrets are encrypted with a key of the customer before they are stored. */
export function secretsKeyOf(object: RawObject): ProviderSetting {
  switch (providerOf(object)) {
    case 'EKS':
      return setting(objectsAt(object, 'encryptionConfig').some(([, entry]) => textsAt(entry, 'resources').includes('secrets')), ['encryptionConfig']);
    case 'GKE':
      return setting(['ENCRYPTED', 'ALL_OBJECTS_ENCRYPTION_ENABLED'].includes(textAt(object, 'databaseEncryption', 'state') ?? ''), ['databaseEncryption']);
    case 'AKS':
      return setting(booleanAt(object, 'securityProfile', 'azureKeyVaultKms', 'enabled') === true, ['securityProfile']);
    default:
      return { state: 'unknown', path: [] };
  }
}

/** Whether the provider keeps the audit log. AKS says that in another place. */
export function auditLogOf(object: RawObject): ProviderSetting {
  switch (providerOf(object)) {
    case 'EKS':
      return setting(
        objectsAt(object, 'logging', 'clusterLogging').some(([, entry]) => booleanAt(entry, 'enabled') === true && textsAt(entry, 'types').includes('audit')),
        ['logging'],
      );
    case 'GKE': {
      const components = objectAt(object, 'loggingConfig', 'componentConfig');
      const hasComponents = components === undefined || listAt(components, 'enableComponents').length > 0;
      return setting(textAt(object, 'loggingService') !== 'none' && hasComponents, ['loggingService']);
    }
    default:
      return { state: 'unknown', path: [] };
  }
}

function setting(isOn: boolean, path: readonly Step[]): ProviderSetting {
  return { state: isOn ? 'on' : 'off', path };
}
