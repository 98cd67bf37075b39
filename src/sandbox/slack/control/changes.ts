/** What happened in the workspace, for those who watch it. */
export interface Change {
  readonly about: 'messages' | 'view' | 'home' | 'people' | 'channels' | 'files' | 'request' | 'delivery' | 'sockets';
  /** The channel whose messages changed. */
  readonly channel?: string;
  /** The person whose modal or Home changed. */
  readonly user?: string;
}

/** Tells of changes and waits for them, without polling. */
export interface Changes {
  readonly tell: (change: Change) => void;
  /** The result ends it. */
  readonly watch: (listener: (change: Change) => void) => () => void;
  /**
   * Resolves with the first value that is not undefined, read now and after every change. `describe` says what there is instead, for the
   * error. @throws when the patience is over or the stand-in stops first.
   */
  readonly until: <T>(what: string, read: () => T | undefined, describe?: () => string) => Promise<T>;
  readonly stop: () => void;
}

/** @param patienceMs how long, by the machine's clock, something is waited for before it counts as missing. */
export function createChanges(patienceMs: number): Changes {
  const listeners = new Set<(change: Change) => void>();
  const waiting = new Set<(reason: string) => void>();
  const watch = (listener: (change: Change) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    tell(change) {
      for (const listener of [...listeners]) listener(change);
    },
    watch,
    until: (what, read, describe) =>
      new Promise((resolve, reject) => {
        const now = read();
        if (now !== undefined) {
          resolve(now);
          return;
        }
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(giveUp);
          end();
        };
        const giveUp = (reason: string) => {
          finish();
          reject(new Error([`${reason} while a test waited for ${what}.`, describe?.() ?? ''].join('\n').trim()));
        };
        const timer = setTimeout(giveUp, patienceMs, `${patienceMs} ms went by`);
        waiting.add(giveUp);
        const end = watch(() => {
          const value = read();
          if (value === undefined) return;
          finish();
          resolve(value);
        });
      }),
    stop() {
      for (const giveUp of [...waiting]) giveUp('The Slack stand-in was stopped');
      listeners.clear();
    },
  };
}
