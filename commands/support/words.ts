import { AREAS, SEVERITIES, type Area, type Severity } from '#src/model/finding.ts';
import { UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';

/** Comma-separated areas. @throws {UsageError} */
export function parseAreas(text: string | undefined): readonly Area[] | undefined {
  return parseList(text, AREAS, 'area');
}

/** Comma-separated severities. @throws {UsageError} */
export function parseSeverities(text: string | undefined): readonly Severity[] | undefined {
  return parseList(text, SEVERITIES, 'severity');
}

function parseList<T extends string>(text: string | undefined, known: readonly T[], what: string): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim().toLowerCase()).filter((word) => word !== '');
  for (const word of words) {
    if (!(known as readonly string[]).includes(word)) throw new UsageError(`There is no ${what} "${word}".${didYouMean(word, known)} Known: ${known.join(', ')}.`);
  }
  return words.length === 0 ? undefined : known.filter((candidate) => words.includes(candidate));
}

/** Flags as one word each: `--why=laptop stolen`. */
export function typedFlags(flags: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

/** A word as people type it: in quotes where it would be several, or where quotation marks in it would go. */
export function typedWord(word: string): string {
  if (!/[\s"'“”„«»‘’‚]/.test(word)) return word;
  const [, flag = '', text = ''] = /^(--[a-z-]+=)?(.*)$/s.exec(word) ?? [];
  return text.includes('"') ? `${flag}'${text}'` : `${flag}"${text}"`;
}
