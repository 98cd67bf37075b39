import { isObject, type Json } from './rules.ts';

export interface Located {
  readonly value: Json;
  /** JSON pointer. */
  readonly at: string;
}

/** Every object in a value, itself included, parents before children. */
export function* objectsIn(value: unknown, at = ''): Generator<Located> {
  if (isObject(value)) {
    yield { value, at };
    for (const [name, field] of Object.entries(value)) yield* objectsIn(field, `${at}/${name}`);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* objectsIn(item, `${at}/${index}`);
  }
}

/** The blocks of a list and those inside its containers. */
export function* blocksIn(blocks: readonly unknown[], at: string): Generator<Located> {
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block)) continue;
    yield { value: block, at: `${at}/${index}` };
    if (Array.isArray(block.child_blocks)) yield* blocksIn(block.child_blocks, `${at}/${index}/child_blocks`);
  }
}
