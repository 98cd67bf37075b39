/** A hash of 64 bits in two halves. */
export interface Hash {
  low: number;
  high: number;
}

/** Stands half full at most, so that the next free place is near. */
const PLACES_PER_HASH = 2;

/** Hashes without order, each at a place of its own. Whoever chooses what is hashed must not know the key of the hashes. */
class HashSet {
  readonly places: number;
  private readonly size: number;
  /** The halves by turns. A place is free where the second is 0: it is made odd. */
  private readonly halves: Int32Array;
  private count = 0;

  constructor(size: number) {
    this.size = size;
    this.places = 2 ** Math.ceil(Math.log2(size * PLACES_PER_HASH));
    this.halves = new Int32Array(2 * this.places);
  }

  /** Where the hash stands or would stand, until the next change. */
  placeOf({ low, high }: Hash): number {
    const { halves } = this;
    const mask = this.places - 1;
    let place = low & mask;
    while (halves[2 * place + 1] !== 0 && (halves[2 * place] !== low || halves[2 * place + 1] !== (high | 1))) place = (place + 1) & mask;
    return place;
  }

  isTaken(place: number): boolean {
    return this.halves[2 * place + 1] !== 0;
  }

  take(place: number, { low, high }: Hash): void {
    this.count += 1;
    this.halves[2 * place] = low;
    this.halves[2 * place + 1] = high | 1;
  }

  isFull(): boolean {
    return this.count >= this.size;
  }

  clear(): void {
    this.halves.fill(0);
    this.count = 0;
  }
}

/** Keeps up to `size` values by hash; the next one begins anew. */
export class HashTable<T> {
  private readonly keys: HashSet;
  private readonly values: (T | undefined)[];

  constructor(size: number) {
    this.keys = new HashSet(size);
    this.values = Array.from({ length: this.keys.places }, () => undefined);
  }

  get(hash: Hash): T | undefined {
    const place = this.keys.placeOf(hash);
    return this.keys.isTaken(place) ? this.values[place] : undefined;
  }

  add(hash: Hash, value: T): void {
    if (this.keys.isFull()) this.keys.clear();
    const place = this.keys.placeOf(hash);
    this.keys.take(place, hash);
    this.values[place] = value;
  }
}

/** Remembers the last `size` hashes at least and twice as many at most. */
export class RecentHashes {
  private young: HashSet;
  private old: HashSet;

  constructor(size: number) {
    this.young = new HashSet(size);
    this.old = new HashSet(size);
  }

  /** Whether a hash is new; it is remembered then. */
  isNew(hash: Hash): boolean {
    const { young, old } = this;
    const place = young.placeOf(hash);
    if (young.isTaken(place) || old.isTaken(old.placeOf(hash))) return false;
    young.take(place, hash);
    if (young.isFull()) {
      [this.old, this.young] = [young, old];
      old.clear();
    }
    return true;
  }
}
