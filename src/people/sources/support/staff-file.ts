import { open } from 'node:fs/promises';
import { SourceFailed } from '#src/model/people.ts';

/** A person as the file has them: normalized column → values. */
export interface StaffRow {
  readonly line: number;
  readonly cells: ReadonlyMap<string, StaffCell>;
}

export interface StaffCell {
  /** As the file writes it. */
  readonly column: string;
  /** Several in a list of YAML, else one text. */
  readonly values: readonly string[];
}

const MAX_BYTES = 32 * 1024 ** 2;

/** @throws {SourceFailed} */
export async function readStaffFile(path: string, signal: AbortSignal): Promise<{ readonly text: string; readonly writtenAt: string }> {
  try {
    await using file = await open(path);
    const stat = await file.stat();
    if (!stat.isFile()) throw new SourceFailed('unreachable', `${path} is no file`);
    if (stat.size > MAX_BYTES) throw new SourceFailed('garbled', `${path} is larger than ${MAX_BYTES / 1024 ** 2} MiB`);
    const bytes = await file.readFile({ signal });
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), writtenAt: stat.mtime.toISOString() };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceFailed) throw error;
    const code = (error as { readonly code?: unknown }).code;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new SourceFailed('garbled', `${path} is not written in UTF-8`, { cause: error });
    throw new SourceFailed('unreachable', `${path} cannot be read${typeof code === 'string' ? ` (${code})` : ''}`, { cause: error });
  }
}

/** `E-Mail`, `e_mail` and `email` are one column. */
export function columnKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** The file cannot be used; nobody is named, since the message is read by many. */
export function misfit(line: number, column: string | undefined, text: string): SourceFailed {
  return new SourceFailed('garbled', `line ${line}${column === undefined ? '' : `, column "${column}"`}: ${text}`);
}
