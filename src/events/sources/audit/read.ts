import { createHash } from 'node:crypto';
import type { AuditEvent } from '#src/model/audit-event.ts';
import { readGke } from './gke.ts';
import { RecentHashes, type Hash } from './hashes.ts';
import { readNative } from './native.ts';
import { PlainReader, type Concerns, type PlainRequest } from './plain.ts';
import { AuditScanner } from './scan.ts';
import { unwrapEvents } from './unwrap.ts';

export type { Concerns, PlainRequest } from './plain.ts';

/** What became of one event of a log. */
export type AuditReading =
  | { readonly event: AuditEvent }
  | { readonly plain: PlainRequest }
  | { readonly malformed: string }
  /** A stage or a repeat that says nothing new, or a line of another log. */
  | { readonly skipped: 'stage' | 'repeat' | 'dry-run' | 'other' };

/** Reads the values of a log, and of each request the one event that counts. */
export interface AuditReader {
  /** A JSON value: one event, or a batch in any wrapping. */
  readonly read: (value: unknown) => readonly AuditReading[];
  /** The same of its text, without parsing what is plain. Undefined where that is not to be had: nothing has been read then, and it may be no JSON. */
  readonly scan: (text: Uint8Array | string) => readonly AuditReading[] | undefined;
}

/** Identities that are remembered at least: those of the last minutes of a busy API server. */
const REMEMBERED = 50_000;

/**
 * Of one request, ResponseComplete counts; of exec, attach and port-forward already ResponseStarted, and the end of it no more.
 *
 * An event that comes again, as after a lost answer to a webhook, is skipped as long as it is remembered. A request that concerns nobody
 * may be read as plain.
 */
export function createAuditReader(concerns: Concerns = () => true): AuditReader {
  const scanner = new AuditScanner();
  const plainReader = new PlainReader(scanner, concerns);
  const recent = new RecentHashes(REMEMBERED);
  const id: Hash = { low: 0, high: 0 };

  function readOne(event: AuditEvent | undefined): AuditReading {
    if (event === undefined) return { skipped: 'stage' };
    if (event.id !== undefined) {
      hashIdentity(scanner, event.id, id);
      if (!recent.isNew(id)) return { skipped: 'repeat' };
    }
    return event.dryRun ? { skipped: 'dry-run' } : { event };
  }

  function readValue(value: unknown, depth: number): readonly AuditReading[] {
    return unwrapEvents(value, depth).map((wrapped) => {
      if ('malformed' in wrapped) return wrapped;
      if ('other' in wrapped) return { skipped: 'other' };
      return readOne(wrapped.form === 'native' ? readNative(wrapped.event) : readGke(wrapped.event));
    });
  }

  function readScanned(depth: number): readonly AuditReading[] | AuditReading {
    const plain = plainReader.read(id);
    if (plain === undefined) return readValue(JSON.parse(scanner.whole()), depth);
    if (plain === 'stage') return STAGE;
    return recent.isNew(id) ? { plain } : REPEAT;
  }

  return {
    read: (value) => readValue(value, 0),
    scan(text) {
      const scanned = scanner.scan(text);
      if (scanned === undefined) return undefined;
      const readings: AuditReading[] = [];
      for (let index = 0; index < scanned.events; index += 1) {
        scanner.choose(index);
        const read = readScanned(scanned.isList ? 1 : 0);
        if (Array.isArray(read)) readings.push(...(read as readonly AuditReading[]));
        else readings.push(read as AuditReading);
      }
      return readings;
    },
  };
}

const STAGE = { skipped: 'stage' } as const;
const REPEAT = { skipped: 'repeat' } as const;

/** The identity of a parsed event ends with a line break where slots are hashed. What is too long has a hash of its hash, and is always parsed. */
function hashIdentity(scanner: AuditScanner, identity: string, id: Hash): void {
  if (!scanner.hashTexts([identity], id)) scanner.hashTexts([createHash('sha256').update(identity).digest('base64')], id);
}
