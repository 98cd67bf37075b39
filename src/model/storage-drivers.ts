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
  /** Nothing in Kubernetes tells, unless a parameter of the class asks for it. */
  | 'elsewhere';

export interface StorageDriver {
  readonly way: Way;
  /** How the value of the parameter is read: by Go's rules, as the one word `true`, or as anything that names something. */
  readonly value?: 'go' | 'true' | 'name';
  /** The parameter, where it is not `encrypted`. In lower case. */
  readonly parameter?: string;
  /** What decides instead of the class, for people. */
  readonly decidedBy?: string;
  /** Where in `spec.csi` a volume carries the value of the parameter that it was made with. */
  readonly marksVolumes?: readonly string[];
  /** Takes the passphrase from the Secret that the class names for node staging. */
  readonly passphrase?: true;
  readonly source: Source;
}

/** The parameter of a class that most drivers have. */
const ENCRYPTED = 'encrypted';
const ATTRIBUTE = ['volumeAttributes', ENCRYPTED] as const;

const github = (title: string, path: string): Source => ({ title, url: `https://github.com/${path}` });
const SCALEWAY = github('Scaleway Block Volume CSI driver', 'scaleway/scaleway-csi#encrypting-volumes');
const EBS = github('Amazon EBS CSI driver: StorageClass parameters', 'kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md');
const EKS_AUTO: Source = { title: 'Amazon EKS Auto Mode: StorageClass parameters', url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html' };
const FSX: Source = { title: 'Amazon FSx for Lustre: encryption at rest', url: 'https://docs.aws.amazon.com/fsx/latest/LustreGuide/encryption-at-rest.html' };
const HETZNER = github('Hetzner Cloud CSI driver: Volumes Encrypted with LUKS', 'hetznercloud/csi-driver/blob/main/docs/kubernetes/README.md');
const DIGITALOCEAN: Source = { title: 'DigitalOcean: volumes are encrypted with LUKS', url: 'https://docs.digitalocean.com/glossary/luks' };
const CINDER = github('Cinder CSI driver', 'kubernetes/cloud-provider-openstack/blob/master/docs/cinder-csi-plugin/using-cinder-csi-plugin.md');
const PORTWORX: Source = { title: 'Portworx: Encrypt PVCs using CSI', url: 'https://docs.portworx.com/portworx-enterprise/operations/key-management/kubernetes-secrets/pvc-encryption-using-CSI' };
const OPENEBS_LVM = github('OpenEBS: LVM Local PV', 'openebs/lvm-localpv');
const OPENEBS_ZFS = github('OpenEBS: ZFS Local PV', 'openebs/zfs-localpv');
const OPENEBS_LOCAL = github('OpenEBS: Dynamic Local PV', 'openebs/dynamic-localpv-provisioner');
const MAYASTOR = github('OpenEBS: Mayastor', 'openebs/mayastor');
const VSPHERE = github('vSphere CSI driver', 'kubernetes-sigs/vsphere-csi-driver');
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

const NODE_DISK = 'the disk of the node';
const VOLUME_TYPE = 'the volume type of OpenStack';
const CLAIM = 'each claim, which may ask Portworx for it,';
const FILE_SERVER = 'the file server';

/** What is known of drivers, by the name in `provisioner`. */
export const STORAGE_DRIVERS: Readonly<Record<string, StorageDriver>> = {
  'csi.scaleway.com': { way: 'parameter', value: 'go', marksVolumes: ATTRIBUTE, passphrase: true, source: SCALEWAY },
  'driver.longhorn.io': { way: 'parameter', value: 'true', marksVolumes: ATTRIBUTE, passphrase: true, source: LONGHORN },
  'rbd.csi.ceph.com': { way: 'parameter', value: 'true', marksVolumes: ATTRIBUTE, source: CEPH_RBD },
  'cephfs.csi.ceph.com': { way: 'parameter', value: 'true', marksVolumes: ATTRIBUTE, source: CEPH_FS },
  // Looks for a passphrase in the Secret that the class names for mounting.
  'csi.hetzner.cloud': { way: 'parameter', value: 'name', parameter: 'csi.storage.k8s.io/node-publish-secret-name', marksVolumes: ['nodePublishSecretRef', 'name'], source: HETZNER },
  // Exports a CephFS volume and passes parameters on to it, but nothing on the way to the client encrypts.
  'nfs.csi.ceph.com': { way: 'never', source: CEPH_NFS },
  'ebs.csi.aws.com': { way: 'account', value: 'true', source: EBS },
  'ebs.csi.eks.amazonaws.com': { way: 'account', value: 'true', source: EKS_AUTO },
  'kubernetes.io/aws-ebs': { way: 'account', value: 'true', source: EBS },
  'pd.csi.storage.gke.io': { way: 'always', source: GOOGLE },
  'kubernetes.io/gce-pd': { way: 'always', source: GOOGLE },
  'filestore.csi.storage.gke.io': { way: 'always', source: GOOGLE },
  'disk.csi.azure.com': { way: 'always', source: AZURE },
  'file.csi.azure.com': { way: 'always', source: AZURE },
  'blob.csi.azure.com': { way: 'always', source: AZURE },
  'kubernetes.io/azure-disk': { way: 'always', source: AZURE },
  'kubernetes.io/azure-file': { way: 'always', source: AZURE },
  'fsx.csi.aws.com': { way: 'always', source: FSX },
  'dobs.csi.digitalocean.com': { way: 'always', source: DIGITALOCEAN },
  'efs.csi.aws.com': { way: 'elsewhere', decidedBy: 'the file system of EFS', source: EFS },
  'cinder.csi.openstack.org': { way: 'elsewhere', decidedBy: VOLUME_TYPE, source: CINDER },
  'kubernetes.io/cinder': { way: 'elsewhere', decidedBy: VOLUME_TYPE, source: CINDER },
  'pxd.portworx.com': { way: 'elsewhere', value: 'true', parameter: 'secure', decidedBy: CLAIM, source: PORTWORX },
  'kubernetes.io/portworx-volume': { way: 'elsewhere', value: 'true', parameter: 'secure', decidedBy: CLAIM, source: PORTWORX },
  'csi.vsphere.vmware.com': { way: 'elsewhere', decidedBy: 'the storage policy of vSphere', source: VSPHERE },
  'io.openebs.csi-mayastor': { way: 'elsewhere', decidedBy: 'the disk pools of OpenEBS', source: MAYASTOR },
  'local.csi.openebs.io': { way: 'elsewhere', decidedBy: NODE_DISK, source: OPENEBS_LVM },
  'zfs.csi.openebs.io': { way: 'elsewhere', decidedBy: NODE_DISK, source: OPENEBS_ZFS },
  'openebs.io/local': { way: 'elsewhere', decidedBy: NODE_DISK, source: OPENEBS_LOCAL },
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

/** Rook puts the namespace that it runs in before the names of Ceph's drivers. */
const OF_ROOK = /^[a-z0-9-]+\.(?=(?:rbd|cephfs|nfs)\.csi\.ceph\.com$)/;

/** What is known of the driver; undefined for one that is not in the table. */
export function storageDriver(name: string): StorageDriver | undefined {
  const plain = name.replace(OF_ROOK, '');
  return Object.hasOwn(STORAGE_DRIVERS, plain) ? STORAGE_DRIVERS[plain] : undefined;
}

/** The parameter by which a class asks the driver for encryption. */
export function parameterOf(driver: StorageDriver | undefined): string {
  return driver?.parameter ?? ENCRYPTED;
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
    case 'elsewhere':
      return isOn(driver, value) ? 'on' : 'unknown';
    default:
      return 'unknown';
  }
}

function isOn({ value: reading }: StorageDriver, value = ''): boolean {
  switch (reading) {
    case 'go':
      return parseGoBoolean(value) === true;
    case 'name':
      return value !== '';
    default:
      return reading === 'true' && value === 'true';
  }
}
