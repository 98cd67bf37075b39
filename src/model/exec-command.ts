import type { AuditEvent } from './audit-event.ts';
import { textsAt } from './raw.ts';
import { secretIn, secretShape } from './secret-words.ts';

const HIDDEN = '•••';
/** A flag or variable with its value: `--password=x`, `PGPASSWORD=x`. */
const ASSIGNMENT = /^(--?)?([A-Za-z_][\w.-]{0,99})=(.+)$/s;
const FLAG = /^--?([A-Za-z][\w-]{0,99})$/;

/** What an exec or attach runs, word by word, from its body or its URL; undefined where neither says so. */
export function commandOf({ request, uri }: AuditEvent): readonly string[] | undefined {
  const body = textsAt(request, 'command');
  if (body.length > 0) return body;
  const question = uri?.indexOf('?') ?? -1;
  if (uri === undefined || question === -1) return undefined;
  const words = new URLSearchParams(uri.slice(question + 1)).getAll('command');
  return words.length > 0 ? words : undefined;
}

/** The same for people, without what looks like a credential. */
export function shownCommand(command: readonly string[]): readonly string[] {
  let previous = '';
  return command.map((word) => {
    const shown = word.split(/(\s+)/).map((piece) => {
      if (piece.trim() === '') return piece;
      const safe = withoutSecret(piece, previous);
      previous = piece;
      return safe;
    });
    return shown.join('');
  });
}

function withoutSecret(piece: string, previous: string): string {
  const [, dashes = '', name, value] = ASSIGNMENT.exec(piece) ?? [];
  if (name !== undefined && value !== undefined && secretIn(name, value) !== undefined) return `${dashes}${name}=${HIDDEN}`;
  const [, flag] = FLAG.exec(previous) ?? [];
  if (flag !== undefined && secretIn(flag, piece) !== undefined) return HIDDEN;
  return secretShape(piece) === undefined && !/^bearer$/i.test(previous) ? piece : HIDDEN;
}
