import { parseDocument } from 'yaml';
import { pipelineObject } from '#src/model/pipeline.ts';
import type { Manifest } from './manifest.ts';
import { yamlSuppressions } from './suppressions.ts';

/**
 * Reads a file of pipelines. It is no manifest: GitLab has tags of its own, and GitHub's expressions look like templates.
 *
 * What comes out is one object that stands at the first line that is no comment.
 */
export function readPipeline(name: string, text: string): Manifest | { readonly reason: string } {
  const definition = valueOf(text);
  if (definition === undefined) return { reason: 'no YAML of a pipeline' };
  const line = text.split('\n').findIndex((one) => /^\s*[^\s#-]/.test(one)) + 1;
  return {
    objects: [{ object: pipelineObject(name, definition), document: 1, lineOf: () => Math.max(line, 1) }],
    unreadable: [],
    documents: 1,
    terraform: false,
    suppressions: yamlSuppressions(text),
  };
}

/** Undefined when it does not parse, or its aliases stand for too much. */
function valueOf(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS() as unknown;
  } catch {
    return undefined;
  }
}
