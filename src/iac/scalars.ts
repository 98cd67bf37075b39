/** Words that a plain scalar is read as something else than text for. */
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const NOT_JSON = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * What kubectl reads an unquoted, untagged scalar as: YAML 1.1 words and octal numbers, but neither dates nor base 60.
 *
 * Undefined for infinity and not-a-number, which JSON cannot hold and kubectl refuses.
 */
export function plainScalar(source: string): string | number | boolean | null | undefined {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(source)) return source;
  if (NOT_JSON.test(source)) return undefined;
  const digits = source.replaceAll('_', '');
  const value = INTEGER.test(digits) ? integer(digits) : FLOAT.test(digits) ? Number(digits) : NaN;
  return Number.isFinite(value) ? value : source;
}

function integer(digits: string): number {
  const [, sign, rest] = /^([-+]?)(.*)$/.exec(digits) ?? [];
  const octal = /^0[oO]?([0-7]+)$/.exec(rest ?? '');
  const magnitude = octal === null ? Number(rest) : Number(`0o${octal[1] ?? ''}`);
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}

/** A scalar with one of YAML's own tags; undefined when the tag is unknown or the text does not fit it. */
export function taggedScalar(tag: string, source: string): string | number | boolean | null | undefined {
  const plain = plainScalar(source);
  switch (tag.replace('tag:yaml.org,2002:', '!!')) {
    case '!':
    case '!!str':
    case '!!timestamp':
      return source;
    case '!!binary':
      return Buffer.from(source, 'base64').toString();
    case '!!null':
      return plain === null ? plain : undefined;
    case '!!bool':
      return typeof plain === 'boolean' ? plain : undefined;
    case '!!int':
      return typeof plain === 'number' && Number.isInteger(plain) ? plain : undefined;
    case '!!float':
      return typeof plain === 'number' ? plain : undefined;
    default:
      return undefined;
  }
}
