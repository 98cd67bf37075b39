import { METADATA_ADDRESSES } from '#src/network/addresses.ts';
import type { DetectionSettings } from '#src/model/detection.ts';

const ADDRESSES: ReadonlySet<string> = new Set([...METADATA_ADDRESSES, '100.100.100.200']);
const NAMES: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata']);

/** Whether an address or name is that of a service which hands a cloud's credentials to whoever asks. */
export function isMetadataService(addressOrName: string): boolean {
  const bare = addressOrName.toLowerCase().replace(/\.$/, '').replace(/^::ffff:/, '');
  return ADDRESSES.has(bare) || NAMES.has(bare);
}

/** Whether the site has named a pod as one that may ask there. */
export function mayReadMetadata({ namespace, name }: { readonly namespace: string; readonly name: string }, { metadataReaders }: DetectionSettings): boolean {
  return metadataReaders.some((reader) => `${namespace}/${name}`.startsWith(reader));
}
