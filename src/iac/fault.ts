/** Why a document was given up. The reason never quotes what was read there, except the name of a key, tag or anchor. */
export interface DocumentFault {
  /** From 1, within the document's own text; absent when the whole document is meant. */
  readonly line?: number;
  readonly reason: string;
}

/** The fault for people, with its line in the file, which has some lines before the document. */
export function describeFault({ line, reason }: DocumentFault, linesBefore: number): string {
  return line === undefined ? reason : `line ${linesBefore + line}: ${reason}`;
}

/** Containers within containers that a document may have. Kubernetes objects need about twenty. */
export const MAX_DEPTH = 500;

/** A key, tag or anchor as a reason may quote it: short, without line breaks or control characters. */
export function quoted(name: string): string {
  const printable = name.replaceAll(/[\p{C}\s]+/gu, ' ');
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
}

/** The line on which an offset lies, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
