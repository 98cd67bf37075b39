import type { Clock } from '#src/model/clock.ts';

type Headers = Readonly<Record<string, string>>;

export interface KeptHeaders {
  /** @throws what asking for them throws. */
  readonly get: (signal: AbortSignal) => Promise<Headers>;
  /** They may be no good any more. */
  readonly forget: () => void;
}

/** Tokens of clouds last an hour at least. */
const KEEP_MS = 50 * 60_000;

/** Headers with a token that a cloud gives, asked for anew before it ends. */
export function createKeptHeaders(clock: Clock, ask: (signal: AbortSignal) => Promise<Headers>): KeptHeaders {
  let known: { readonly headers: Headers; readonly untilMs: number } | undefined;
  return {
    async get(signal) {
      const now = clock.now().getTime();
      if (known === undefined || now >= known.untilMs) known = { headers: await ask(signal), untilMs: now + KEEP_MS };
      return known.headers;
    },
    forget() {
      known = undefined;
    },
  };
}
