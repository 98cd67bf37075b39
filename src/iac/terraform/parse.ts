import { isObject, type RawObject, type Step } from '#src/model/raw.ts';
import { lineAt, type DocumentFault } from '../fault.ts';
import { jsonLines, parseJson } from '../json.ts';
import { blockLines, type BlockLines } from './blocks.ts';
import { LexFault } from './lex.ts';

/** A parsed file of a configuration. */
export interface ParsedFile {
  readonly name: string;
  /** By block type, labels and name, as Terraform's JSON syntax has it; expressions are texts with `${…}`. */
  readonly content: RawObject;
  /** The line of a place within a block, from 1. */
  readonly lineOf: (labels: readonly string[], path: readonly Step[], occurrence: number) => number;
}

/** The parser's memory does not shrink, and no configuration that people write comes near. */
const MAX_HCL = 4 * 1024 * 1024;

/** Reads the text of a `.tf`, `.tf.json`, `.tfvars` or `.tfvars.json` file. */
export async function parseTerraform(name: string, text: string): Promise<ParsedFile | DocumentFault> {
  return /\.json$/i.test(name) ? parseJsonSyntax(name, text) : await parseHcl(name, text);
}

function parseJsonSyntax(name: string, text: string): ParsedFile | DocumentFault {
  const parsed = parseJson(text);
  if (parsed === undefined) return { reason: 'it is not JSON' };
  if ('fault' in parsed) return parsed.fault;
  if (!isObject(parsed.value)) return { reason: 'it is not a JSON object' };
  const lineOf = jsonLines(text);
  return { name, content: parsed.value, lineOf: (labels, path) => lineOf([], [...labels, ...path]) };
}

async function parseHcl(name: string, text: string): Promise<ParsedFile | DocumentFault> {
  if (text.length > MAX_HCL) return { reason: `larger than ${MAX_HCL / 1024 / 1024} MiB` };
  try {
    const lines = blockLines(text);
    // It takes half a second to load, which only those pay who have Terraform.
    const { parse } = await import('@cdktf/hcl2json');
    const content: unknown = await parse('main.tf', without(text, lines.shadows));
    return { name, content: isObject(content) ? content : {}, lineOf: (labels, path, occurrence) => lines.lineOf(labels.join('.'), path, occurrence) };
  } catch (error) {
    return faultOf(error, text);
  }
}

/** Blanks keep every line and column where it is. */
function without(text: string, spans: BlockLines['shadows']): string {
  return spans.reduce((kept, [from, to]) => `${kept.slice(0, from)}${kept.slice(from, to).replaceAll(/[^\n]/g, ' ')}${kept.slice(to)}`, text);
}

/** What the parser complains about may quote the file, so that only its summary is kept. */
function faultOf(error: unknown, text: string): DocumentFault {
  if (error instanceof LexFault) return { line: lineAt(text, error.offset), reason: error.message };
  const [, line, summary] = /main\.tf:(\d+),[^;\]]*?: ([A-Z][\w ,'-]*);/.exec(error instanceof Error ? error.message : '') ?? [];
  return { ...(line !== undefined && { line: Number(line) }), reason: summary === undefined ? 'it is not HCL' : `${summary.charAt(0).toLowerCase()}${summary.slice(1)}` };
}
