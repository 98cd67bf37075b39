import type { AuditEvent } from './audit-event.ts';
import { textsAt } from './raw.ts';
import { secretIn, secretShape } from './secret-words.ts';

const HIDDEN = '•••';
/** A flag or variable with its value: `--password=x`, `PGPASSWORD=x`. */
const ASSIGNMENT = /^(--?)?([A-Za-z_][\w.-]{0,99})=(.+)$/s;
const FLAG = /^--?([A-Za-z][\w-]{0,99})$/;
/** The name before the value of a header of HTTP, or of a field of JSON. */
const HEADER = /(?:^|["'{,])([A-Za-z][\w-]{0,99})["']?:$/;
const SCHEME = /^(?:bearer|basic)$/i;
/** A parameter of a URL. */
const PARAMETER = /([?&])([\w.-]{1,100})=([^&\s"']+)/g;
/** A field of JSON whose value is a text. */
const FIELD = /("([\w.-]{1,100})"\s*:\s*)"((?:[^"\\]|\\.)+)"/g;
/** A header of HTTP with its value in the same word. */
const WHOLE_HEADER = /^(["']?([A-Za-z][\w-]{0,99}):)([^/\s].*)$/s;
/** Programs that take a password by a flag of their own: in the same word, or as the next one where a flag is told to. */
const PASSWORD_FLAGS: readonly { readonly program: RegExp; readonly same: RegExp; readonly next?: RegExp }[] = [
  { program: /^(?:mysql|mariadb)[a-z-]*$/, same: /^["']?-p(?=.)/ },
  { program: /^mongo[a-z]*$/, same: /^["']?-p(?=.)/, next: /^-p$/ },
  { program: /^sshpass$/, same: /^["']?-p(?=.)/, next: /^-p$/ },
  { program: /^(?:redis|valkey)-cli$/, same: /^["']?-a(?=.)/, next: /^(?:-a|--pass)$/ },
  { program: /^curl$/, same: /^["']?-[uU](?=.)/, next: /^(?:-[A-Za-z]*[uU]|--user|--proxy-user)$/ },
];
/** The next word belongs to another program. */
const BEGINS_ANEW = /[;|&]$/;
type PasswordFlag = (typeof PASSWORD_FLAGS)[number];

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
  let flag: PasswordFlag | undefined;
  return command.map((word) => {
    const shown = word.split(/(\s+)/).map((piece) => {
      if (piece.trim() === '') return piece;
      const withFlag = withoutPassword(piece, previous, flag);
      const safe = withFlag ?? withoutSecret(piece, previous);
      // There is one password, and what a program runs may have flags of its own.
      flag = flagOf(piece, withFlag === undefined ? flag : undefined);
      previous = piece;
      return safe;
    });
    return shown.join('');
  });
}

/** Which flag has a password after this word: that of the program that it calls, else of the one before. */
function flagOf(piece: string, before: PasswordFlag | undefined): PasswordFlag | undefined {
  const name = piece.slice(piece.lastIndexOf('/') + 1).replace(/^\W+|["';)]+$/g, '');
  return PASSWORD_FLAGS.find(({ program }) => program.test(name)) ?? (BEGINS_ANEW.test(piece) ? undefined : before);
}

function withoutPassword(piece: string, previous: string, known: PasswordFlag | undefined): string | undefined {
  if (known === undefined) return undefined;
  if (known.next?.test(previous) === true) return HIDDEN;
  const [flag] = known.same.exec(piece) ?? [];
  return flag === undefined ? undefined : `${flag}${HIDDEN}`;
}

function withoutSecret(piece: string, previous: string): string {
  const [, dashes = '', name, value] = ASSIGNMENT.exec(piece) ?? [];
  if (name !== undefined && value !== undefined && secretIn(name, value) !== undefined) return `${dashes}${name}=${HIDDEN}`;
  const [, flag] = FLAG.exec(previous) ?? HEADER.exec(previous) ?? [];
  if (flag !== undefined && secretIn(flag, piece) !== undefined) return HIDDEN;
  if (secretShape(piece) !== undefined || SCHEME.test(previous)) return HIDDEN;
  const [, begin, header, text] = WHOLE_HEADER.exec(piece) ?? [];
  if (begin !== undefined && header !== undefined && text !== undefined && secretIn(header, text) !== undefined) return `${begin}${HIDDEN}`;
  return piece
    .replace(FIELD, (all, before: string, field: string, value: string) => (secretIn(field, value) === undefined ? all : `${before}"${HIDDEN}"`))
    .replace(PARAMETER, (all, mark: string, parameter: string, text: string) => (secretIn(parameter, text) === undefined ? all : `${mark}${parameter}=${HIDDEN}`));
}
