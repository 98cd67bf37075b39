import type { Step } from '#src/model/raw.ts';
import type { TextDocument } from './documents.ts';
import type { DocumentFault } from './fault.ts';
import { jsonLines, parseJson } from './json.ts';
import { looksLikeTemplate, TEMPLATE } from './template.ts';
import { valueOf } from './values.ts';
import { parseYaml, yamlLines } from './yaml.ts';

/** Nodes of YAML take about sixty times the room of their text. */
const MAX_YAML = 8 * 1024 * 1024;

/** A document's value and where its places are. */
export interface ParsedDocument {
  readonly value: unknown;
  /** The line of a place within an object of the document, by the object's path and the path below it. */
  readonly lineOf: (object: readonly Step[], below: readonly Step[]) => number;
}

/** The value of one document of a manifest. */
export function parseDocument({ text, format }: Pick<TextDocument, 'text' | 'format'>): ParsedDocument | DocumentFault {
  const json = format === 'json' ? parseJson(text) : undefined;
  if (json !== undefined) return 'fault' in json ? json.fault : { value: json.value, lineOf: jsonLines(text) };
  if (text.length > MAX_YAML) return { reason: `one YAML document of more than ${MAX_YAML / 1024 / 1024} MiB; as JSON it would be read` };
  const parsed = parseAsYaml(text);
  return 'reason' in parsed && looksLikeTemplate(text) ? { reason: TEMPLATE } : parsed;
}

function parseAsYaml(text: string): ParsedDocument | DocumentFault {
  const yaml = parseYaml(text);
  if ('fault' in yaml) return yaml.fault;
  const outcome = valueOf(text, yaml.document);
  if ('fault' in outcome) return outcome.fault;
  const lineOf = yamlLines(text, yaml.document);
  return { value: outcome.value, lineOf: (object, below) => lineOf([...object, ...below]) };
}
