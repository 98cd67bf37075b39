import type { RawObject, Step } from '#src/model/raw.ts';
import { splitDocuments, type TextDocument } from './documents.ts';
import type { DocumentFault } from './fault.ts';
import { jsonLines, parseJson } from './json.ts';
import { isPlan, objectsIn } from './objects.ts';
import { isTemplate, looksLikeTemplate, TEMPLATE } from './template.ts';
import { valueOf } from './values.ts';
import { parseYaml, yamlLines } from './yaml.ts';

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
  /** Documents in it, unreadable ones included. */
  readonly documents: number;
  /** One of them is a Terraform plan or state, whose resources are not read. */
  readonly terraform: boolean;
}

interface Parsed {
  readonly value: unknown;
  /** The line of a place within an object of the document, by the object's path and the path below it. */
  readonly lineOf: (object: readonly Step[], below: readonly Step[]) => number;
}

/** Reads all documents of a manifest; one that does not parse hides no other. */
export function readManifest(text: string): Manifest {
  const objects: ManifestObject[] = [];
  const unreadable: UnreadableDocument[] = [];
  let documents = 0;
  let terraform = false;
  for (const document of splitDocuments(text)) {
    const { number, linesBefore } = document;
    documents = number;
    const parsed = parse(document);
    if ('reason' in parsed) {
      unreadable.push({ document: number, reason: describe(parsed, linesBefore) });
      continue;
    }
    const { value, lineOf } = parsed;
    terraform ||= isPlan(value);
    const found = [...objectsIn(value)];
    if (found.some(({ object }) => isTemplate(object))) unreadable.push({ document: number, reason: TEMPLATE });
    else objects.push(...found.map(({ object, path }) => ({ object, document: number, lineOf: (below: readonly Step[]) => linesBefore + lineOf(path, below) })));
  }
  return { objects, unreadable, documents, terraform };
}

function parse({ text, format }: TextDocument): Parsed | DocumentFault {
  const json = format === 'json' ? parseJson(text) : undefined;
  if (json !== undefined) return 'fault' in json ? json.fault : { value: json.value, lineOf: jsonLines(text) };
  if (text.length > MAX_YAML) return { reason: `one YAML document of more than ${MAX_YAML / 1024 / 1024} MiB; as JSON it would be read` };
  const parsed = parseAsYaml(text);
  return 'reason' in parsed && looksLikeTemplate(text) ? { reason: TEMPLATE } : parsed;
}

function parseAsYaml(text: string): Parsed | DocumentFault {
  const yaml = parseYaml(text);
  if ('fault' in yaml) return yaml.fault;
  const outcome = valueOf(text, yaml.document);
  if ('fault' in outcome) return outcome.fault;
  const lineOf = yamlLines(text, yaml.document);
  return { value: outcome.value, lineOf: (object, below) => lineOf([...object, ...below]) };
}

function describe({ line, reason }: DocumentFault, linesBefore: number): string {
  return line === undefined ? reason : `line ${linesBefore + line}: ${reason}`;
}
