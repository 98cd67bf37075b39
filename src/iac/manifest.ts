import type { RawObject, Step } from '#src/model/raw.ts';
import { splitDocuments, type TextDocument } from './documents.ts';
import type { DocumentFault } from './fault.ts';
import { jsonLine, parseJson } from './json.ts';
import { objectsIn } from './objects.ts';
import { isTemplate, looksLikeTemplate, TEMPLATE } from './template.ts';
import { valueOf } from './values.ts';
import { parseYaml, yamlLine } from './yaml.ts';

/** Nodes of YAML take about sixty times the room of their text. */
const MAX_YAML = 8 * 1024 * 1024;

export interface ManifestObject {
  readonly object: RawObject;
  /** Number of its document, from 1. */
  readonly document: number;
  /** The line of the deepest part of a path that was written, from 1; of the object itself for the empty path. */
  readonly lineOf: (path: readonly Step[]) => number;
}

export interface UnreadableDocument {
  readonly document: number;
  readonly reason: string;
}

/** What a manifest file holds, in its own order. */
export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly unreadable: readonly UnreadableDocument[];
}

interface Parsed {
  readonly value: unknown;
  readonly lineOf: (path: readonly Step[]) => number;
}

/** Reads all documents of a manifest; one that does not parse hides no other. */
export function readManifest(text: string): Manifest {
  const objects: ManifestObject[] = [];
  const unreadable: UnreadableDocument[] = [];
  for (const document of splitDocuments(text)) {
    const { number, linesBefore } = document;
    const parsed = parse(document);
    if ('reason' in parsed) {
      unreadable.push({ document: number, reason: describe(parsed, linesBefore) });
      continue;
    }
    const found = [...objectsIn(parsed.value)];
    if (found.some(({ object }) => isTemplate(object))) unreadable.push({ document: number, reason: TEMPLATE });
    else objects.push(...found.map(({ object, path }) => ({ object, document: number, lineOf: (below: readonly Step[]) => linesBefore + parsed.lineOf([...path, ...below]) })));
  }
  return { objects, unreadable };
}

function parse({ text, format }: TextDocument): Parsed | DocumentFault {
  const invalid = text.indexOf('\uFFFD');
  const json = format === 'json' ? parseJson(text) : undefined;
  if (json !== undefined) return 'fault' in json ? json.fault : { value: json.value, lineOf: (path) => jsonLine(text, path) };
  if (text.length > MAX_YAML) return { reason: `one YAML document of more than ${MAX_YAML / 1024 / 1024} MiB; as JSON it would be read` };
  const yaml = parseYaml(text);
  const outcome = 'fault' in yaml ? yaml : valueOf(text, yaml.document);
  if (!('fault' in outcome) && 'document' in yaml) return { value: outcome.value, lineOf: (path) => yamlLine(text, yaml.document, path) };
  if ('fault' in outcome) return looksLikeTemplate(text) ? { reason: TEMPLATE } : outcome.fault;
  return { reason: 'not YAML' };
}

function describe({ line, reason }: DocumentFault, linesBefore: number): string {
  return line === undefined ? reason : `line ${linesBefore + line}: ${reason}`;
}
