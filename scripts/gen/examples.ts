import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { RawObject } from '#src/model/raw.ts';
import { SEVERITIES } from '#src/model/finding.ts';

const expectedFinding = z.strictObject({
  object: z.string(),
  container: z.string().optional(),
  item: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  path: z.string().optional(),
  related: z.array(z.string()).optional(),
  message: z.string().optional(),
});

const example = z.strictObject({
  title: z.string(),
  /** What is found, nothing more: `Kind/name`, or an object that says more about the finding. */
  finds: z.array(z.union([z.string().transform((object) => ({ object })), expectedFinding])),
  /** Reasons for which it is not decided, in any order. */
  undecided: z.array(z.string()).optional(),
  /** Reasons for which it is not evaluated, in any order. */
  notEvaluated: z.array(z.string()).optional(),
  /** Kubernetes version, such as v1.24; the newest known otherwise. */
  version: z.string().optional(),
  /** Settings of the site. */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** The objects are all there is, as in a live cluster; otherwise they are what some files hold. */
  complete: z.literal(true).optional(),
  /** Kinds that cannot be listed, with the reason. */
  unlisted: z.record(z.string(), z.string()).optional(),
  objects: z.array(z.custom<RawObject>((value) => typeof value === 'object' && value !== null)),
});

/** One example beside a check: documentation and test at once. */
export interface Example extends z.output<typeof example> {
  /** As written in the file, for the docs. */
  readonly source: string;
}

export type ExpectedFinding = z.output<typeof expectedFinding>;

/** The examples beside a check. Throws, with the file's name, on one that is not well formed. */
export async function examplesOf(id: string): Promise<readonly Example[]> {
  const file = `src/checks/${id}/examples.yaml`;
  const text = await readFile(file, 'utf8');
  return parseAllDocuments(text).map((document, index) => {
    const parsed = example.safeParse(document.toJS());
    if (document.errors.length > 0 || !parsed.success) {
      throw new Error(`${file}, example ${index + 1}: ${document.errors[0]?.message ?? parsed.error?.message ?? ''}`);
    }
    return { ...parsed.data, source: text.slice(document.range[0], document.range[1]).trim() };
  });
}
