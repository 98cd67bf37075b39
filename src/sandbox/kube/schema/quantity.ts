const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eE][+-]?\d+)|[numkMGTPE]|[KMGTPE]i)?$/;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL: readonly (readonly [suffix: string, exponent: number])[] = [
  ['E', 18], ['P', 15], ['T', 12], ['G', 9], ['M', 6], ['k', 3], ['', 0], ['m', -3], ['u', -6], ['n', -9],
];
const FINEST = 9;

interface Quantity {
  /** In billionths, the finest that Kubernetes keeps. */
  readonly nano: bigint;
  readonly format: 'binary' | 'decimal' | 'exponent';
}

/** The same few amounts stand in most objects. */
const canonical = new Map<string, string>();
const KNOWN_MOST = 5000;

/** Amounts such as `500m` or `1Gi` as the server writes them: `0.5` is `500m` and `1024Mi` is `1Gi`. Undefined for anything else. */
export function canonicalQuantity(text: string): string | undefined {
  const known = canonical.get(text);
  if (known !== undefined) return known;
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  const formatted = formatQuantity(quantity);
  if (canonical.size < KNOWN_MOST) canonical.set(text, formatted);
  return formatted;
}

function parseQuantity(text: string): Quantity | undefined {
  const match = PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  const negative = sign === '-' ? -1n : 1n;
  const binary = suffix === '' ? -1 : BINARY.indexOf(suffix);
  if (binary > 0) return { nano: negative * scaled(digits * 1024n ** BigInt(binary), -fraction.length + FINEST), format: 'binary' };
  const isExponent = /^[eE][+-]?\d/.test(suffix);
  const exponent = isExponent ? Number(suffix.slice(1)) : (DECIMAL.find(([known]) => known === suffix)?.[1] ?? 0);
  return { nano: negative * scaled(digits, exponent - fraction.length + FINEST), format: isExponent ? 'exponent' : 'decimal' };
}

/** Times a power of ten; what is finer than a billionth is rounded up. */
function scaled(digits: bigint, exponent: number): bigint {
  if (exponent >= 0) return digits * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return (digits + divisor - 1n) / divisor;
}

function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const unit = 10n ** BigInt(FINEST);
  const isWhole = nano % unit === 0n;
  const size = nano < 0n ? -nano : nano;
  if (format === 'binary' && isWhole && size >= 1024n * unit) {
    let [value, step] = [nano / unit, 0];
    while (value % 1024n === 0n && step < BINARY.length - 1) [value, step] = [value / 1024n, step + 1];
    return `${value}${BINARY[step] ?? ''}`;
  }
  for (const [suffix, exponent] of DECIMAL) {
    const divisor = 10n ** BigInt(exponent + FINEST);
    if (nano % divisor !== 0n) continue;
    return `${nano / divisor}${format === 'exponent' && exponent !== 0 ? `e${exponent}` : suffix}`;
  }
  return String(nano);
}
