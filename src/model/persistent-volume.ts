import { at, textAt, type RawObject, type Step } from './raw.ts';
import { encryptionBy, storageDriver, type Encryption } from './storage-drivers.ts';

/** Disks of the node and file servers: types of which no object of Kubernetes tells whether they are encrypted. */
const BLIND_TYPES = ['hostPath', 'local', 'nfs', 'iscsi', 'fc'] as const;
type BlindType = (typeof BLIND_TYPES)[number];

/** Types of volumes that older clusters have, with the driver that stands for them. */
const IN_TREE: Readonly<Record<string, string>> = {
  gcePersistentDisk: 'kubernetes.io/gce-pd',
  azureDisk: 'kubernetes.io/azure-disk',
  azureFile: 'kubernetes.io/azure-file',
};

/** A PersistentVolume as far as encryption depends on it. */
export interface VolumeView {
  /** Undefined for a volume that no class made. */
  readonly className: string | undefined;
  readonly blindType: BlindType | undefined;
  /** Undefined for a type that is built into Kubernetes. */
  readonly driver: string | undefined;
  /** By the volume itself; `unknown` where only its class tells, or nothing. */
  readonly encryption: Encryption;
  /** From the root of the volume to what tells. */
  readonly path: readonly Step[];
  /** What a person finds the disk by: its handle, path or server; undefined where nothing of that is written. */
  readonly handle: string | undefined;
  readonly claim: { readonly namespace: string; readonly name: string } | undefined;
}

export function volumeView(object: RawObject): VolumeView {
  const spec = at(object, 'spec');
  const driver = textAt(spec, 'csi', 'driver');
  const blindType = BLIND_TYPES.find((type) => at(spec, type) !== undefined);
  const builtIn = Object.keys(IN_TREE).find((type) => at(spec, type) !== undefined);
  const mark = driver === undefined ? undefined : storageDriver(driver)?.marksVolumes;
  const value = mark === undefined ? undefined : textAt(spec, 'csi', ...mark);
  const claim = textAt(spec, 'claimRef', 'name');
  return {
    className: [textAt(spec, 'storageClassName'), textAt(object, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class')].find(Boolean),
    blindType,
    driver,
    encryption: ownEncryption(builtIn === undefined ? driver : IN_TREE[builtIn], value),
    path: ['spec', ...(mark === undefined || value === undefined ? [] : ['csi', ...mark])],
    handle: textAt(spec, 'csi', 'volumeHandle') ?? (blindType === undefined ? undefined : placeOf(at(spec, blindType))),
    claim: claim === undefined ? undefined : { namespace: textAt(spec, 'claimRef', 'namespace') ?? 'default', name: claim },
  };
}

function ownEncryption(driver: string | undefined, attribute: string | undefined): Encryption {
  const way = driver === undefined ? undefined : storageDriver(driver)?.way;
  if (driver === undefined || (attribute === undefined && way !== 'always' && way !== 'never')) return 'unknown';
  return encryptionBy(driver, attribute);
}

function placeOf(source: unknown): string | undefined {
  const server = textAt(source, 'server') ?? textAt(source, 'targetPortal');
  const path = textAt(source, 'path') ?? textAt(source, 'iqn');
  return server === undefined || path === undefined ? (path ?? server) : `${server}:${path}`;
}
