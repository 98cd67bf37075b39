/** Ids remembered at once: those of the last minutes of a busy API server. */
const GENERATION = 50_000;

/** Remembers the ids seen last, in a bounded room. */
export interface Recent {
  /** Whether an id is new; it is remembered then. */
  readonly isNew: (id: string) => boolean;
}

/** Holds the last `size` ids at least and twice as many at most. */
export function createRecent(size: number = GENERATION): Recent {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    isNew(id) {
      if (young.has(id) || old.has(id)) return false;
      young.add(id);
      if (young.size >= size) {
        old = young;
        young = new Set();
      }
      return true;
    },
  };
}
