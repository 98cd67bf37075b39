import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '#src/model/nearest.ts';
import type { ConfigFault } from './faults.ts';
import { fileShape, type ConfigFile } from './file.ts';

/** The configuration file; what is wrong with it is added to the faults, by name and without values. */
export function readConfigFile(path: string, faults: ConfigFault[]): ConfigFile {
  const content = parsedFile(path, faults);
  if (content === undefined) return {};
  const checked = fileShape.safeParse(content.value ?? {});
  if (checked.success) return checked.data;
  faults.push(...faultsIn(checked.error, path, fileShape));
  return {};
}

function parsedFile(path: string, faults: ConfigFault[]): { readonly value: unknown } | undefined {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    faults.push({ name: path, problem: 'cannot be read' });
    return undefined;
  }
  const document = parseDocument(content);
  const lines = new Set(document.errors.map(({ linePos }) => linePos?.[0].line ?? 1));
  for (const line of lines) faults.push({ name: path, problem: `is not YAML at line ${line}` });
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS() as unknown };
  } catch {
    // Aliases that are not defined, or that stand for more and more of themselves.
    faults.push({ name: path, problem: 'has aliases that cannot be followed' });
    return undefined;
  }
}

/** What is wrong with a part of a file, by key and without the values that were found there. `within` leads to the part. */
export function faultsIn(error: z.core.$ZodError, file: string, shape: z.ZodType, within: readonly PropertyKey[] = []): readonly ConfigFault[] {
  return error.issues.flatMap((issue) => faultsOf(file, issue, (path) => knownKeys(shape, path), within));
}

function faultsOf(file: string, { path: inside, ...issue }: z.core.$ZodIssue, keysAt: (path: readonly PropertyKey[]) => readonly string[], within: readonly PropertyKey[]): readonly ConfigFault[] {
  const key = [...within, ...inside].reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}${path && '.'}${String(step)}`), '');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(inside);
    return issue.keys.map((name) => ({ name: `${file}: ${key}${key && '.'}${name}`, problem: `is no option.${didYouMean(name, known)}` }));
  }
  if (issue.code === 'invalid_union') return (nearestForm(issue) ?? []).flatMap((inner) => faultsOf(file, { ...inner, path: [...inside, ...inner.path] }, keysAt, within));
  const problem = issue.message.replace(/^Invalid input: /, '').replace(/, received .*/, '');
  return [{ name: key === '' ? file : `${file}: ${key}`, problem: problem.startsWith('expected') ? problem.replace('expected', 'must be') : problem }];
}

/** Of the forms that a value may have, the one that it was meant to have: whatever else is wrong with it, its type fits, and its keys rather than not. */
function nearestForm({ errors }: Pick<z.core.$ZodIssueInvalidUnion, 'errors'>): readonly z.core.$ZodIssue[] | undefined {
  const isFree = (fault: string) => (issues: readonly z.core.$ZodIssue[]) => !issues.some(({ code, path }) => code === fault && path.length === 0);
  const fitting = errors.filter(isFree('invalid_type'));
  return fitting.find(isFree('unrecognized_keys')) ?? fitting[0] ?? errors[0];
}

/** The keys that a shape has at a path. */
function knownKeys(shape: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let shapes: readonly unknown[] = [shape];
  for (const step of path) {
    shapes = shapes.flatMap(forms).map((form) => (typeof step === 'number' ? (form as { element?: unknown }).element : (form as { shape?: Record<PropertyKey, unknown> }).shape?.[step]));
  }
  return shapes.flatMap(forms).flatMap((form) => Object.keys((form as { shape?: object }).shape ?? {}));
}

/** A shape without what is wrapped around it; a union as each of its forms. */
function forms(shape: unknown): readonly unknown[] {
  if (typeof shape !== 'object' || shape === null) return [];
  if ('options' in shape && Array.isArray(shape.options)) return shape.options.flatMap(forms);
  if ('in' in shape) return forms(shape.in);
  // Lists can be unwrapped as well, but then the index in the path would have nothing to belong to.
  if ('element' in shape) return [shape];
  return 'unwrap' in shape && typeof shape.unwrap === 'function' ? forms((shape.unwrap as () => unknown)()) : [shape];
}
