import { parseGoBoolean } from './go-values.ts';
import type { Source } from './check.ts';

/** Who or what decides whether a driver's volumes are encrypted. */
type Way =
  /** A parameter of the class, off without it. */
  | 'parameter'
  /** The same, but without it a setting of the cloud account decides. */
  | 'account'
  /** The provider encrypts every volume. */
  | 'always'
  /** The driver has no encryption. */
  | 'never'
  /** Nothing in Kubernetes tells. */
  | 'elsewhere';

export interface StorageDriver {
  readonly way: Way;
  /** How the value of the parameter is read: by Go's rules, or as the one word `true`. */
  readonly value?: 'go' | 'true';
  /** What decides instead of the class, for people. */
  readonly decidedBy?: string;
  /** Volumes carry `spec.csi.volumeAttributes.encrypted`. */
  readonly marksVolumes?: true;
  /** Takes the passphrase from the Secret that the class names for node staging. */
  readonly passphrase?: true;
  readonly source: Source;
}

/** The parameter of a class, and the attribute of a volume, that all drivers here share. */
export const ENCRYPTED = 'encrypted';

const github = (title: string, path: string): Source => ({ title, url: `https://github.com/${path}` });
const SCALEWAY = github('Scaleway Block Volume CSI driver', 'scaleway/scaleway-csi#encrypting-volumes');
const EBS = github('Amazon EBS CSI driver: StorageClass parameters', 'kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md');
const CEPH_RBD = github('Ceph CSI: RBD class', 'ceph/ceph-csi/blob/devel/examples/rbd/storageclass.yaml');
const CEPH_FS = github('Ceph CSI: CephFS class', 'ceph/ceph-csi/blob/devel/examples/cephfs/storageclass.yaml');
const CEPH_NFS = github('Ceph CSI: NFS class', 'ceph/ceph-csi/blob/devel/examples/nfs/storageclass.yaml');
const LONGHORN: Source = { title: 'Longhorn: Volume Encryption', url: 'https://longhorn.io/docs/latest/advanced-resources/security/volume-encryption/' };
const GOOGLE: Source = { title: 'Google Cloud: default encryption at rest', url: 'https://cloud.google.com/docs/security/encryption/default-encryption' };
const AZURE: Source = { title: 'Azure Storage encryption for data at rest', url: 'https://learn.microsoft.com/azure/storage/common/storage-service-encryption' };
const EFS = github('Amazon EFS CSI driver', 'kubernetes-sigs/aws-efs-csi-driver');
const LOCAL: Source = { title: 'Kubernetes documentation: Storage Classes', url: 'https://kubernetes.io/docs/concepts/storage/storage-classes/#local' };
const LOCAL_PATH = github('Local Path Provisioner', 'rancher/local-path-provisioner');
const HOST_PATH = github('CSI hostpath driver', 'kubernetes-csi/csi-driver-host-path');
const NFS = github('NFS CSI driver', 'kubernetes-csi/csi-driver-nfs');
const SMB = github('SMB CSI driver', 'kubernetes-csi/csi-driver-smb');

const NODE_DISK = "the disk of the node";
const FILE_SERVER = 'the file server';

/** What is known of drivers, by the name in `provisioner`. */
export const STORAGE_DRIVERS: Readonly<Record<string, StorageDriver>> = {
  'csi.scaleway.com': { way: 'parameter', value: 'go', marksVolumes: true, passphrase: true, source: SCALEWAY },
  'driver.longhorn.io': { way: 'parameter', value: 'true', marksVolumes: true, passphrase: true, source: LONGHORN },
  'rbd.csi.ceph.com': { way: 'parameter', value: 'true', marksVolumes: true, source: CEPH_RBD },
  'cephfs.csi.ceph.com': { way: 'parameter', value: 'true', marksVolumes: true, source: CEPH_FS },
  // Exports a CephFS volume and passes parameters on to it, but nothing on the way to the client encrypts.
  'nfs.csi.ceph.com': { way: 'never', source: CEPH_NFS },
  'ebs.csi.aws.com': { way: 'account', value: 'true', source: EBS },
  'kubernetes.io/aws-ebs': { way: 'account', value: 'true', source: EBS },
  'pd.csi.storage.gke.io': { way: 'always', source: GOOGLE },
  'kubernetes.io/gce-pd': { way: 'always', source: GOOGLE },
  'filestore.csi.storage.gke.io': { way: 'always', source: GOOGLE },
  'disk.csi.azure.com': { way: 'always', source: AZURE },
  'file.csi.azure.com': { way: 'always', source: AZURE },
  'blob.csi.azure.com': { way: 'always', source: AZURE },
  'kubernetes.io/azure-disk': { way: 'always', source: AZURE },
  'kubernetes.io/azure-file': { way: 'always', source: AZURE },
  'efs.csi.aws.com': { way: 'elsewhere', decidedBy: 'the file system of EFS', source: EFS },
  'kubernetes.io/no-provisioner': { way: 'elsewhere', decidedBy: NODE_DISK, source: LOCAL },
  'rancher.io/local-path': { way: 'elsewhere', decidedBy: NODE_DISK, source: LOCAL_PATH },
  'k8s.io/minikube-hostpath': { way: 'elsewhere', decidedBy: NODE_DISK, source: LOCAL },
  'docker.io/hostpath': { way: 'elsewhere', decidedBy: NODE_DISK, source: LOCAL },
  'microk8s.io/hostpath': { way: 'elsewhere', decidedBy: NODE_DISK, source: LOCAL },
  'hostpath.csi.k8s.io': { way: 'elsewhere', decidedBy: NODE_DISK, source: HOST_PATH },
  'nfs.csi.k8s.io': { way: 'elsewhere', decidedBy: FILE_SERVER, source: NFS },
  'smb.csi.k8s.io': { way: 'elsewhere', decidedBy: FILE_SERVER, source: SMB },
};

/** The pages that the rows of the table are from. */
export const STORAGE_SOURCES: readonly Source[] = [...new Set(Object.values(STORAGE_DRIVERS).map(({ source }) => source))];

/** Whether volumes are encrypted, as far as Kubernetes tells. */
export type Encryption = 'on' | 'off' | 'account' | 'unknown';

/** What is known of the driver; undefined for one that is not in the table. */
export function storageDriver(name: string): StorageDriver | undefined {
  return Object.hasOwn(STORAGE_DRIVERS, name) ? STORAGE_DRIVERS[name] : undefined;
}

/** What volumes of a driver are with that value of its parameter; undefined where nothing is said. */
export function encryptionBy(name: string, value: string | undefined): Encryption {
  const driver = storageDriver(name);
  switch (driver?.way) {
    case 'always':
      return 'on';
    case 'never':
      return 'off';
    case 'parameter':
      return isOn(driver, value) ? 'on' : 'off';
    case 'account':
      if (value === undefined) return 'account';
      return parseGoBoolean(value.toLowerCase()) === false ? 'off' : 'on';
    default:
      return 'unknown';
  }
}

function isOn({ value: reading }: StorageDriver, value: string | undefined): boolean {
  return reading === 'go' ? parseGoBoolean(value ?? '') === true : value === 'true';
}
