import type { Problem } from '#src/model/check.ts';
import { formatPath } from '#src/model/raw.ts';
import { blockIn, blocksIn, defineTerraformCheck, flagIn, isSet, registry, type TerraformResource, type TerraformRule } from '#src/model/terraform.ts';
import { DISKS, type DiskItem } from '../disks/disk.ts';
import { AWS, AZURE } from '../providers.ts';

const HOST_FLAGS = ['host_encryption_enabled', 'enable_host_encryption'];
/** A key in the clear, by the block it is in. */
const GOOGLE_KEYS = { google_compute_disk: ['disk_encryption_key', 'raw_key'], google_compute_instance: ['boot_disk', 'disk_encryption_key_raw'] } as const;

const SAID: Readonly<Record<DiskItem, string>> = { disk: 'The disk is not encrypted', 'snapshot-copy': 'The copy of the snapshot is not encrypted', 'image-recipe': 'Disks of the image are not encrypted' };

const others: readonly TerraformRule[] = [
  {
    types: ['aws_ebs_encryption_by_default'],
    source: registry(AWS, 'aws_ebs_encryption_by_default'),
    *judge({ values }) {
      if (flagIn(values, 'enabled') === false) yield { item: 'account-default', path: ['enabled'], message: 'New disks of the account are not encrypted by default' };
    },
  },
  { types: ['azurerm_kubernetes_cluster_node_pool'], source: registry(AZURE, 'azurerm_kubernetes_cluster_node_pool'), judge: ({ values }) => hostProblems(values, []) },
];

const disks: readonly TerraformRule[] = DISKS.map(({ types, source, disks: disksOf }) => ({
  types,
  source,
  *judge(resource) {
    for (const { item, path, encrypted } of disksOf(resource.values)) if (encrypted === false) yield { item, path, message: `${SAID[item]} (${formatPath(path)})` };
    if (resource.type === 'azurerm_kubernetes_cluster') yield* poolProblems(resource);
    if (resource.type === 'google_compute_disk' || resource.type === 'google_compute_instance') yield* keyProblems(resource, GOOGLE_KEYS[resource.type]);
  },
}));

/** Reports each disk that is stored in the clear. */
export const check = defineTerraformCheck({
  id: 'iac/unencrypted-disk',
  title: 'Disks are encrypted',
  severity: 'high',
  tips: [4, 1],
  why: 'A copied snapshot, a disk that was not wiped or a stolen backup gives away all that was on it.',
  fix: 'Switch encryption on for every disk, or for the whole account, and keep keys in a key management service.',
  items: {
    disk: { title: 'Every disk is encrypted' },
    'account-default': { title: 'New disks of the account are encrypted by default' },
    'node-host': { title: 'Nodes encrypt their temporary disks and caches', severity: 'medium' },
    'snapshot-copy': { title: 'Copies of snapshots are encrypted' },
    'image-recipe': { title: 'Images have encrypted disks' },
    'plaintext-key': { title: 'No key of a disk stands in the code', severity: 'critical' },
  },
  rules: [...disks, ...others],
});

function* poolProblems({ values }: TerraformResource): Generator<Problem> {
  const pool = blockIn(values, 'default_node_pool');
  if (pool !== undefined) yield* hostProblems(pool.body, pool.path);
}

function* hostProblems(body: TerraformResource['values'], path: NonNullable<Problem['path']>): Generator<Problem> {
  const isOn = HOST_FLAGS.some((name) => flagIn(body, name) === true);
  if (!isOn) yield { item: 'node-host', path: [...path, 'host_encryption_enabled'], message: 'The hosts of the nodes are not encrypted' };
}

function* keyProblems({ values }: TerraformResource, [block, key]: readonly [string, string]): Generator<Problem> {
  for (const { path, body } of blocksIn(values, block)) {
    if (isSet(body, key)) yield { item: 'plaintext-key', path: [...path, key], message: 'The key of the disk stands in the code' };
  }
}
