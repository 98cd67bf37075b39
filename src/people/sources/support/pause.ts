/** When a system does not say how long; GitHub asks for a minute at least, the others for less. */
const UNSAID_MS = 60_000;
const LEAST_MS = 1000;
const SECOND_MS = 1000;

/** Epoch seconds are above this, seconds from now below. */
const EPOCH_FROM = 1_000_000_000;

/** When the next request is counted anew, as GitHub and Auth0, Okta, and GitLab call it. */
const RESET_HEADERS = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'];

/**
 * How long a system that is asked too often wants to be left alone.
 *
 * Its own `Date` is what its moments are counted from; ours may be wrong.
 */
export function pauseMs(headers: Headers, now: Date): number {
  const from = dateMs(headers.get('date')) ?? now.getTime();
  return Math.max(LEAST_MS, retryAfterMs(headers, from) ?? resetMs(headers, from) ?? UNSAID_MS);
}

/** `Retry-After`, in seconds or as a date. */
export function retryAfterMs(headers: Headers, fromMs: number): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * SECOND_MS;
  const at = dateMs(text);
  return at === undefined ? undefined : Math.max(0, at - fromMs);
}

function resetMs(headers: Headers, fromMs: number): number | undefined {
  const reset = RESET_HEADERS.map((name) => numberOf(headers.get(name))).find((value) => value !== undefined);
  if (reset === undefined) return undefined;
  // The moment is cut to whole seconds, and so is the date: one more second is on the safe side.
  return reset < EPOCH_FROM ? reset * SECOND_MS : Math.max(0, reset * SECOND_MS - fromMs) + SECOND_MS;
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** HTTP dates only: `Date.parse` makes something of almost any text. */
function dateMs(text: string | null): number | undefined {
  const at = text?.endsWith('GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
