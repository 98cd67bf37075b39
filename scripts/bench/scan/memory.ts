import { answer, childInput } from '../child.ts';
import type { Address } from './replay.ts';
import { read, type Reader } from './readers.ts';

/** One reader in a process of its own, for its memory. */
export interface MemoryInput {
  readonly reader: Reader;
  readonly address: Address;
}

const { reader, address } = childInput() as MemoryInput;
await read(reader, address);
answer(undefined);
