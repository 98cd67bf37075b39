import type { StorageClass, StorageClasses } from '#src/facts/storage-classes.ts';
import type { Volume } from '#src/facts/volumes.ts';

export type VolumeJudgement =
  | { readonly state: 'fine' | 'not-known' }
  /** By the volume's own word, or by what its class is now. */
  | { readonly state: 'unencrypted'; readonly by: 'volume' }
  | { readonly state: 'unencrypted'; readonly by: 'class'; readonly of: StorageClass }
  /** No class of that name was read. */
  | { readonly state: 'class-missing'; readonly className: string };

/** Whether a volume is encrypted: its own word first, for its class may have been replaced since. */
export function judgeVolume(volume: Volume, { byName }: StorageClasses): VolumeJudgement {
  if (volume.encryption === 'off') return { state: 'unencrypted', by: 'volume' };
  if (volume.encryption === 'on') return { state: 'fine' };
  if (volume.className === undefined || volume.blindType !== undefined) return { state: 'not-known' };
  const of = byName.get(volume.className);
  if (of === undefined) return { state: 'class-missing', className: volume.className };
  if (isOfAnother(volume, of)) return { state: 'not-known' };
  return of.encryption === 'off' ? { state: 'unencrypted', by: 'class', of } : { state: 'not-known' };
}

/** A class that now has another driver says nothing about the volume; drivers that were built into Kubernetes have two names. */
export function isOfAnother({ driver }: Volume, { provisioner }: StorageClass): boolean {
  return driver !== undefined && driver !== provisioner && !provisioner.startsWith('kubernetes.io/');
}
