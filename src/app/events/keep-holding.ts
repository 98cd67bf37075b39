/** What is held while something is done. */
interface Holding {
  /** False once another process has taken it over. */
  readonly isStillMine: () => boolean;
  /** Nothing is renewed after it resolves. */
  readonly stop: () => Promise<void>;
}

/** Renews a hold of so many milliseconds, because what is done may take longer than that. A store that is away tells nothing; what is recorded fails then as well. */
export function keepHolding(hold: () => Promise<boolean>, holdMs: number): Holding {
  let isMine = true;
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    last = hold().then(
      (answer) => {
        isMine &&= answer;
      },
      () => undefined,
    );
  }, holdMs / 3);
  return {
    isStillMine: () => isMine,
    stop() {
      clearInterval(timer);
      return last;
    },
  };
}
