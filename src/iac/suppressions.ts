import { Lexer } from 'yaml';
import { isDay } from '#src/model/day.ts';
import { lineIndex } from './lines.ts';
import { LexFault, tokensOf } from './terraform/lex.ts';

/** A comment that asks to leave out what one check finds: `# k8ssec:ignore workload/privileged reason="needs the device" until=2026-12-31`. */
export interface Suppression {
  /** Where it stands, from 1. */
  readonly line: number;
  /** The line that it is about: the one it ends, else the next that is no comment; absent when there is none. */
  readonly about?: number;
  /** Id of a check, with `:item` for one row of it. */
  readonly check: string;
  readonly reason: string;
  /** The last day that it holds on, as `2026-12-31`, in UTC; it always holds without one. */
  readonly until?: string;
  /** Why it does not hold, whatever the day. */
  readonly fault?: string;
}

interface Comment {
  readonly text: string;
  readonly offset: number;
}

const DIRECTIVE = /(?<![\w:-])k8ssec:ignore(?![\w:-])([^\n]*?)(?:\*\/|\r?\n|$)/;
const OPTION = /(?<=\s)(reason|until)=(?:"([^"]*)"|([^\s"]+))(?=\s|$)/g;
/** What stands between two pieces of content. */
const NO_CONTENT = /^\s*(?:#|\/\/|---(?:\s|$)|$)/;

/** What the comments of one YAML document ask for. */
export function yamlSuppressions(text: string): readonly Suppression[] {
  return mayHold(text) ? suppressionsOf(text, yamlComments(text)) : [];
}

/** What the comments of a file in Terraform's language ask for. */
export function hclSuppressions(text: string): readonly Suppression[] {
  return mayHold(text) ? suppressionsOf(text, hclComments(text)) : [];
}

function mayHold(text: string): boolean {
  return text.includes('k8ssec:ignore');
}

/** Only a lexer can tell a comment from a `#` within a text. */
function* yamlComments(text: string): Generator<Comment> {
  let offset = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (/^[\u0002\u0018\u001f]$/.test(lexeme)) {
      isScalar = lexeme === '\u001f';
      continue;
    }
    if (!isScalar && lexeme.startsWith('#')) yield { text: lexeme, offset };
    isScalar = false;
    offset += lexeme.length;
  }
}

function hclComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  try {
    const tokens = tokensOf(text, (blank, offset) => comments.push({ text: blank, offset }));
    while (tokens.next().done !== true);
  } catch (error) {
    // What stands before the fault counts.
    if (!(error instanceof LexFault)) throw error;
  }
  return comments;
}

function suppressionsOf(text: string, comments: Iterable<Comment>): readonly Suppression[] {
  const lines = text.split('\n');
  const lineOf = lineIndex(text);
  const found: Suppression[] = [];
  for (const comment of comments) {
    const directive = DIRECTIVE.exec(comment.text);
    if (directive === null) continue;
    const line = lineOf(comment.offset + directive.index);
    const start = comment.offset + comment.text.search(/\S/);
    const isAlone = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
    const about = isAlone ? nextContent(lines, lineOf(comment.offset + comment.text.length)) : line;
    found.push({ line, ...(about !== undefined && { about }), ...parseDirective(directive[1] ?? '', about !== undefined) });
  }
  return found;
}

/** The line after `line` that holds more than a comment. */
function nextContent(lines: readonly string[], line: number): number | undefined {
  const index = lines.findIndex((content, at) => at >= line && !NO_CONTENT.test(content));
  return index === -1 ? undefined : index + 1;
}

function parseDirective(text: string, hasSubject: boolean): Pick<Suppression, 'check' | 'reason' | 'until' | 'fault'> {
  const check = /^\s+([^\s="]+)(?=\s|$)/.exec(text)?.[1] ?? '';
  const options = new Map<string, string>();
  const rest = text.replace(OPTION, (_, name: string, quoted: string | undefined, bare: string | undefined) => {
    options.set(name, (quoted ?? bare ?? '').trim());
    return '';
  });
  const reason = options.get('reason') ?? '';
  const until = options.get('until');
  const left = rest.trim().slice(check.length).trim();
  const fault = faultOf({ check, reason, until, left, hasSubject });
  return { check, reason, ...(until !== undefined && { until }), ...(fault !== undefined && { fault }) };
}

function faultOf({ check, reason, until, left, hasSubject }: { readonly check: string; readonly reason: string; readonly until: string | undefined; readonly left: string; readonly hasSubject: boolean }): string | undefined {
  if (check === '') return 'it names no check';
  if (left !== '') return 'it takes a check, reason="…" and until=2026-12-31, and holds something else';
  if (reason === '') return 'it gives no reason';
  if (until !== undefined && !isDay(until)) return 'its until is no day such as 2026-12-31';
  return hasSubject ? undefined : 'nothing comes after it';
}
