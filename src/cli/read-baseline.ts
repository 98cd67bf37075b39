import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '#src/model/command.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import type { Baseline, BaselineEntry, KeyOf } from './baseline.ts';

const entryShape = z.object({
  fingerprint: z.string().min(1),
  check: z.string().min(1),
  item: z.string().optional(),
  severity: z.enum(SEVERITIES),
  file: z.string().optional(),
  cluster: z.string().optional(),
  object: z.object({ namespace: z.string().optional() }).optional(),
});

/**
 * Reads the findings of an earlier scan from what it printed as jsonl or json, or from a list that somebody wrote.
 *
 * Findings that a comment left out then are not among them.
 *
 * @throws {UsageError}
 */
export async function readBaseline(path: string, keyOf: KeyOf): Promise<Baseline> {
  const entries = entriesIn(await readText(path), path);
  return new Map(entries.map((entry) => [keyOf(entry), entry]));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `There is no baseline ${path}.` : `The baseline ${path} cannot be read (${code ?? 'unknown'}).`, { cause: error });
  }
}

function entriesIn(text: string, path: string): readonly BaselineEntry[] {
  if (text.trim() === '') throw bad(path, 'it is empty; not even a scan that finds nothing prints nothing');
  const whole = jsonOf(text);
  if (isRecord(whole) && !('type' in whole)) return entriesOfResult(whole, path);
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const record = jsonOf(line);
    if (!isRecord(record) || typeof record.type !== 'string') throw bad(path, `line ${index + 1} is no record of a scan`);
    return record.type === 'finding' ? [entryOf(record, path, `line ${index + 1}`)] : [];
  });
}

function entriesOfResult({ findings, runs }: Readonly<Record<string, unknown>>, path: string): readonly BaselineEntry[] {
  if (runs !== undefined) throw bad(path, 'it is SARIF; a baseline is printed with --format json or jsonl');
  if (!Array.isArray(findings)) throw bad(path, 'it has no list of findings');
  return findings.map((finding: unknown, index) => entryOf(finding, path, `findings[${index}]`));
}

function entryOf(given: unknown, path: string, place: string): BaselineEntry {
  const checked = entryShape.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw bad(path, `${place} has no valid ${placeOf(issue?.path ?? [])}`);
}

function bad(path: string, reason: string): UsageError {
  return new UsageError(`The baseline ${path} cannot be used: ${reason}.`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'fields' : path.map(String).join('.');
}
