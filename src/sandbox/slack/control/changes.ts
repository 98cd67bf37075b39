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
  /** Resolves with the first value that is not undefined, read now and after every change. @throws when the stand-in stops first. */
  readonly until: <T>(what: string, read: () => T | undefined) => Promise<T>;
  readonly stop: () => void;
}

export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  const waiting = new Map<symbol, (error: Error) => void>();
  const watch = (listener: (change: Change) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    tell(change) {
      for (const listener of [...listeners]) listener(change);
    },
    watch,
    until: (what, read) =>
      new Promise((resolve, reject) => {
        const now = read();
        if (now !== undefined) {
          resolve(now);
          return;
        }
        const key = Symbol(what);
        const end = watch(() => {
          const value = read();
          if (value === undefined) return;
          end();
          waiting.delete(key);
          resolve(value);
        });
        waiting.set(key, reject);
      }),
    stop() {
      listeners.clear();
      for (const [key, reject] of waiting) reject(new Error(`The Slack stand-in was stopped while a test waited for ${key.description ?? 'something'}.`));
      waiting.clear();
    },
  };
}
