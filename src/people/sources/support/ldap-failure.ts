import { ResultCodeError } from 'ldapts';
import { SourceFailed, type SourceFault } from '#src/model/people.ts';
import { isObject } from '#src/model/raw.ts';

export type Phase = 'connect' | 'search';

/** What a result code of RFC 4511 means for a listing. */
const MEANINGS: ReadonlyMap<number, readonly [fault: SourceFault, text: string]> = new Map([
  [1, ['forbidden', 'does not answer without a bind']],
  [3, ['garbled', 'stopped at its time limit']],
  [4, ['garbled', 'stopped at its size limit']],
  [8, ['refused', 'wants a stronger bind: use ldaps:// or startTls: true']],
  [11, ['garbled', 'stopped at its administrative limit']],
  [13, ['refused', 'wants encryption: use ldaps:// or startTls: true']],
  [32, ['forbidden', 'has no such base or does not show it']],
  [34, ['garbled', 'does not understand a distinguished name of the configuration']],
  [48, ['refused', 'does not take this kind of bind']],
  [49, ['refused', 'refuses the name or password']],
  [50, ['forbidden', 'forbids this']],
  [51, ['busy', 'is busy']],
  [52, ['unreachable', 'is not available']],
]);

interface Said {
  readonly title: string;
  readonly rights: string;
}

/** What went wrong, without the server's own words: they may name addresses and people. */
export function directoryFailure(error: unknown, phase: Phase, { title, rights }: Said): SourceFailed {
  if (error instanceof SourceFailed) return error;
  if (error instanceof ResultCodeError) {
    const [fault, text] = MEANINGS.get(error.code) ?? ['garbled', 'did not take the request'];
    return new SourceFailed(fault, `${title} ${text} (result code ${error.code})${fault === 'forbidden' ? `; needed: ${rights}` : ''}`, { cause: error });
  }
  const { name, message, code } = tracesOf(error);
  if (name === 'TimeoutError' || /time(?:d )?out/i.test(message)) return new SourceFailed('unreachable', `${title} does not answer in time`, { cause: error });
  if (phase === 'search' && code === undefined) return new SourceFailed('garbled', `the answer of ${title} broke off or cannot be read`, { cause: error });
  return new SourceFailed('unreachable', `${title} cannot be reached${code === undefined ? '' : ` (${code})`}`, { cause: error });
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`: a code tells the reason and no address. */
function tracesOf(error: unknown): { readonly name: string; readonly message: string; readonly code: string | undefined } {
  return { name: textOf(error, 'name') ?? '', message: textOf(error, 'message') ?? '', code: textOf(error, 'code') };
}

/** Errors inherit their names, so these are no plain fields. */
function textOf(error: unknown, field: 'name' | 'message' | 'code'): string | undefined {
  const value = isObject(error) ? error[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
