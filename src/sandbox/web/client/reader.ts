/**
 * Runs one reading at a time, however often it is asked for. What is asked for during a reading is answered by one more after it, so the
 * last thing read is never older than the last time of asking.
 */
export function oneAtATime(read: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  return () => {
    waiting ??= last = afterwards(last, () => {
      waiting = undefined;
      return read();
    });
    return waiting;
  };
}

/** Whoever asked for the earlier one hears of its failure. */
function afterwards(earlier: Promise<void>, next: () => Promise<void>): Promise<void> {
  return earlier.then(next, next);
}
