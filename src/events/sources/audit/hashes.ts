/** A hash of 64 bits in two halves. */
export interface Hash {
  low: number;
  high: number;
}

const [FIRST_PLACES, GROWTH] = [1024, 4];

/** Hashes without order, each at a place of its own. Whoever chooses what is hashed must not know the key of the hashes. */
class HashSet {
  count = 0;
  places = FIRST_PLACES;
  /** The halves by turns. A place is free where the second is 0: it is made odd. */
  private halves = new Int32Array(2 * FIRST_PLACES);

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

  /** Half full: the next free place gets far. */
  isCrowded(): boolean {
    return 2 * this.count >= this.places;
  }

  /** Tells from where to where each place moves. */
  grow(move?: (from: number, to: number) => void): void {
    const before = this.halves;
    this.places *= GROWTH;
    this.halves = new Int32Array(2 * this.places);
    for (let from = 0; 2 * from < before.length; from += 1) {
      const [low, high] = [before[2 * from] ?? 0, before[2 * from + 1] ?? 0];
      if (high === 0) continue;
      const to = this.placeOf({ low, high });
      this.halves[2 * to] = low;
      this.halves[2 * to + 1] = high;
      move?.(from, to);
    }
  }

  clear(): void {
    this.halves.fill(0);
    this.count = 0;
  }
}

/** Keeps up to `size` values by hash; the next one begins anew. */
export class HashTable<T> {
  private readonly keys = new HashSet();
  private readonly size: number;
  private values: (T | undefined)[] = room(this.keys.places);

  constructor(size: number) {
    this.size = size;
  }

  get(hash: Hash): T | undefined {
    const place = this.keys.placeOf(hash);
    return this.keys.isTaken(place) ? this.values[place] : undefined;
  }

  add(hash: Hash, value: T): void {
    const { keys, values } = this;
    if (keys.count >= this.size) keys.clear();
    if (keys.isCrowded()) {
      this.values = room(keys.places * GROWTH);
      keys.grow((from, to) => (this.values[to] = values[from]));
    }
    const place = keys.placeOf(hash);
    keys.take(place, hash);
    this.values[place] = value;
  }
}

function room<T>(places: number): (T | undefined)[] {
  return Array.from({ length: places }, () => undefined);
}

/** Remembers the last `size` hashes at least and twice as many at most. */
export class RecentHashes {
  private readonly size: number;
  private young = new HashSet();
  private old = new HashSet();

  constructor(size: number) {
    this.size = size;
  }

  /** Whether a hash is new; it is remembered then. */
  isNew(hash: Hash): boolean {
    const { young, old } = this;
    const place = young.placeOf(hash);
    if (young.isTaken(place) || old.isTaken(old.placeOf(hash))) return false;
    young.take(place, hash);
    if (young.count >= this.size) {
      [this.old, this.young] = [young, old];
      old.clear();
    } else if (young.isCrowded()) young.grow();
    return true;
  }
}
