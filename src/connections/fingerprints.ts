import { hash, randomBytes } from 'node:crypto';

/** Remembers which keys were seen, exactly enough: two keys in 2⁶⁴ are taken for each other, and nobody outside can choose which. */
export interface Fingerprints {
  readonly has: (key: string) => boolean;
  readonly add: (key: string) => void;
  readonly size: () => number;
  /** Of memory. */
  readonly bytes: () => number;
}

/** Slots for which there is room in the beginning; a power of two. */
const FIRST_SLOTS = 1 << 12;
/** Fuller than this, a look takes too many steps; at the next size it is half as full, which is 20 bytes for each key. */
const FULL = 0.8;
/** All is forgotten beyond that; whoever looks behind this filter finds the keys again. */
const MAX_KEYS = 13_000_000;

/**
 * A table of 64 bits for each key, with the next free slot for what collides.
 *
 * The digest is mixed with a secret of this process: whoever can choose names must not be able to choose one that looks like another.
 */
export function createFingerprints(maxKeys: number = MAX_KEYS): Fingerprints {
  const secret = randomBytes(16).toString('latin1');
  let words = new Uint32Array(2 * FIRST_SLOTS);
  let size = 0;
  // The two halves of the fingerprint looked for last, so that none of it is allocated.
  let [high, low] = [0, 0];

  const read = (key: string): void => {
    const digest = hash('sha256', secret + key, 'binary');
    high = (digest.charCodeAt(0) | (digest.charCodeAt(1) << 8) | (digest.charCodeAt(2) << 16) | (digest.charCodeAt(3) << 24)) >>> 0;
    low = (digest.charCodeAt(4) | (digest.charCodeAt(5) << 8) | (digest.charCodeAt(6) << 16) | (digest.charCodeAt(7) << 24)) >>> 0;
    // Two zeros are a free slot.
    if (high === 0 && low === 0) low = 1;
  };
  /** Where the fingerprint stands, or the free slot where it belongs. */
  const slotOf = (): number => {
    const mask = words.length / 2 - 1;
    let slot = high & mask;
    for (;;) {
      const [there, and] = [words[2 * slot] ?? 0, words[2 * slot + 1] ?? 0];
      if ((there === 0 && and === 0) || (there === high && and === low)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const isTaken = (slot: number): boolean => words[2 * slot] !== 0 || words[2 * slot + 1] !== 0;
  const put = (slot: number): void => {
    words[2 * slot] = high;
    words[2 * slot + 1] = low;
  };
  const grow = (): void => {
    const before = words;
    words = new Uint32Array(2 * before.length);
    for (let index = 0; index < before.length; index += 2) {
      [high, low] = [before[index] ?? 0, before[index + 1] ?? 0];
      if (high !== 0 || low !== 0) put(slotOf());
    }
  };
  return {
    has(key) {
      read(key);
      return isTaken(slotOf());
    },
    add(key) {
      if (size >= maxKeys) {
        words = new Uint32Array(2 * FIRST_SLOTS);
        size = 0;
      }
      if (size + 1 > FULL * (words.length / 2)) grow();
      read(key);
      const slot = slotOf();
      if (isTaken(slot)) return;
      put(slot);
      size += 1;
    },
    size: () => size,
    bytes: () => words.byteLength,
  };
}
