const TRUE: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

const UNITS_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, 'µs': 1e-3, 'μs': 1e-3, ms: 1, s: 1000, m: 60_000, h: 3600_000 };
/** Sticky, so that a long text that is no length of time is given up at once. */
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** A switch as Go's `strconv.ParseBool` reads it, which Kubernetes' flags and many drivers use; undefined for any other text. */
export function parseGoBoolean(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** A length of time as Go's `time.ParseDuration` reads it, such as `1h30m`, in milliseconds; undefined for any other text. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  const parts = [...rest.matchAll(PART)];
  if (parts.length === 0 || parts.reduce((length, [part]) => length + part.length, 0) !== rest.length) return undefined;
  const sum = parts.reduce((total, [, count, unit]) => total + Number(count) * (UNITS_MS[unit ?? ''] ?? 0), 0);
  return sign === '-' ? -sum : sum;
}
