import type { Source } from '#src/model/check.ts';
import { unknownLast, type RawObject, type Step } from '#src/model/raw.ts';
import { blockIn, blocksIn, flagIn, isSet, registry } from '#src/model/terraform.ts';
import { ALIBABA, AWS, AZURE, GOOGLE, SCALEWAY, TENCENT } from '../providers.ts';

export type DiskItem = 'disk' | 'snapshot-copy' | 'image-recipe';

/** A disk that a resource describes. */
export interface Disk {
  readonly item: DiskItem;
  /** To what says whether it is encrypted. */
  readonly path: readonly Step[];
  /** Undefined where only what it is copied from tells. */
  readonly encrypted: boolean | undefined;
  /** A key of the customer is named. */
  readonly ownKey: boolean;
  /** To where the key is named. */
  readonly keyPath: readonly Step[];
}

/** How a provider writes disks. */
export interface DiskRow {
  readonly types: readonly string[];
  readonly source: Source;
  readonly disks: (values: RawObject) => Iterable<Disk>;
}

/** The disks of all providers. */
export const DISKS: readonly DiskRow[] = [
  { types: ['aws_ebs_volume'], source: registry(AWS, 'aws_ebs_volume'), disks: (values) => [awsDisk(values, [])] },
  { types: ['aws_ebs_snapshot_copy'], source: registry(AWS, 'aws_ebs_snapshot_copy'), disks: (values) => [{ ...awsDisk(values, []), item: 'snapshot-copy' }] },
  { types: ['aws_instance', 'aws_launch_configuration'], source: registry(AWS, 'aws_instance'), disks: instanceDisks },
  { types: ['aws_launch_template'], source: registry(AWS, 'aws_launch_template'), disks: (values) => mappedDisks(values, 'block_device_mappings', 'disk') },
  { types: ['aws_imagebuilder_image_recipe'], source: registry(AWS, 'aws_imagebuilder_image_recipe'), disks: (values) => mappedDisks(values, 'block_device_mapping', 'image-recipe') },
  { types: ['azurerm_managed_disk'], source: registry(AZURE, 'azurerm_managed_disk'), disks: azureDisk },
  { types: ['azurerm_kubernetes_cluster'], source: registry(AZURE, 'azurerm_kubernetes_cluster'), disks: (values) => [alwaysEncrypted(isSet(values, 'disk_encryption_set_id'), ['disk_encryption_set_id'])] },
  {
    types: ['google_compute_disk'],
    source: registry(GOOGLE, 'google_compute_disk'),
    disks: (values) => [alwaysEncrypted(hasGoogleKey(blockIn(values, 'disk_encryption_key')?.body), ['disk_encryption_key', 0, 'kms_key_self_link'])],
  },
  { types: ['google_compute_instance'], source: registry(GOOGLE, 'google_compute_instance'), disks: googleInstanceDisks },
  { types: ['alicloud_disk'], source: registry(ALIBABA, 'alicloud_disk'), disks: (values) => [switchedDisk(values, 'encrypted', 'kms_key_id')] },
  { types: ['tencentcloud_cbs_storage'], source: registry(TENCENT, 'tencentcloud_cbs_storage'), disks: (values) => [switchedDisk(values, 'encrypt', 'kms_key_id')] },
  { types: ['scaleway_rdb_instance'], source: registry(SCALEWAY, 'scaleway_rdb_instance'), disks: (values) => [{ ...switchedDisk(values, 'encryption_at_rest', 'kms_key_id'), ownKey: true }] },
];

function awsDisk(body: RawObject, path: readonly Step[]): Disk {
  return { item: 'disk', path: [...path, 'encrypted'], encrypted: copiedOr(body, 'snapshot_id', 'encrypted'), ownKey: isSet(body, 'kms_key_id'), keyPath: [...path, 'kms_key_id'] };
}

/** A disk is encrypted like the snapshot it is made from, unless it says otherwise itself. */
function copiedOr(body: RawObject, snapshot: string, flag: string): boolean | undefined {
  return flagIn(body, flag) ?? (isSet(body, snapshot) ? undefined : false);
}

function* instanceDisks(values: RawObject): Generator<Disk> {
  const root = [...blocksIn(values, 'root_block_device')];
  if (root.length === 0) yield { ...awsDisk({}, []), path: ['root_block_device'], ownKey: true };
  yield* unknownLast([root, blocksIn(values, 'ebs_block_device')], (blocks) => unknownLast(blocks, ({ path, body }) => [awsDisk(body, path)]));
}

function* mappedDisks(values: RawObject, name: string, item: DiskItem): Generator<Disk> {
  yield* unknownLast(blocksIn(values, name), function* ({ path, body }) {
    const ebs = blockIn(body, 'ebs');
    if (ebs !== undefined) yield { ...awsDisk(ebs.body, [...path, ...ebs.path]), item };
  });
}

/** Azure encrypts every disk; its guest encryption can be switched off, and names keys of its own. */
function azureDisk(values: RawObject): readonly Disk[] {
  const settings = blockIn(values, 'encryption_settings')?.body;
  const hasSet = ['disk_encryption_set_id', 'secure_vm_disk_encryption_set_id'].some((name) => isSet(values, name));
  const hasKey = ['disk_encryption_key', 'key_encryption_key'].some((name) => isSet(settings, name));
  const disk = alwaysEncrypted(hasSet || hasKey, ['disk_encryption_set_id']);
  return [flagIn(settings, 'enabled') === false && !hasSet ? { ...disk, encrypted: false, path: ['encryption_settings', 0, 'enabled'] } : disk];
}

function* googleInstanceDisks(values: RawObject): Generator<Disk> {
  for (const name of ['boot_disk', 'attached_disk']) {
    for (const { path, body } of blocksIn(values, name)) yield alwaysEncrypted(isSet(body, 'source') || hasGoogleKey(body), [...path, 'kms_key_self_link']);
  }
}

function hasGoogleKey(body: RawObject | undefined): boolean {
  return ['kms_key_self_link', 'raw_key', 'disk_encryption_key_raw', 'rsa_encrypted_key', 'disk_encryption_key_rsa'].some((name) => isSet(body, name));
}

/** The provider encrypts every disk with a key of its own. */
function alwaysEncrypted(ownKey: boolean, keyPath: readonly Step[]): Disk {
  return { item: 'disk', path: keyPath, encrypted: true, ownKey, keyPath };
}

function switchedDisk(values: RawObject, flag: string, key: string): Disk {
  return { item: 'disk', path: [flag], encrypted: copiedOr(values, 'snapshot_id', flag), ownKey: isSet(values, key), keyPath: [key] };
}
