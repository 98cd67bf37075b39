import { createHash } from 'node:crypto';
import type { AuditEvent } from '#src/model/audit-event.ts';
import type { AuditInterest, PlainRequest } from '#src/model/presence.ts';
import { readGke } from './gke.ts';
import { RecentHashes, type Hash } from './hashes.ts';
import { readNative } from './native.ts';
import { PlainReader } from './plain.ts';
import { AuditScanner, type Scanned } from './scan.ts';
import { unwrapEvents } from './unwrap.ts';

/** What became of one event of a log. */
export type AuditReading =
  | { readonly event: AuditEvent }
  | PlainRequest
  | { readonly malformed: string }
  /** A stage or a repeat that says nothing new, or a line of another log. */
  | { readonly skipped: 'stage' | 'repeat' | 'dry-run' | 'other' };

/** Reads texts without parsing what is plain. */
export interface TextScanner<Reading> {
  /** Of one value. Undefined where that is not to be had: nothing has been read then, and it may be no JSON. */
  readonly scan: (text: Uint8Array) => ScannedReadings<Reading> | undefined;
  /** As many lines from the beginning as are one event each. The rest begins with a line that is not, or has not ended. */
  readonly scanLines: (text: Uint8Array) => ScannedLines<Reading>;
}

/** What became of each event, one after the other. What is in a wrapping may be several. */
export type ScannedReadings<Reading> = readonly (Reading | readonly Reading[])[];

export interface ScannedLines<Reading> {
  readonly readings: ScannedReadings<Reading>;
  /** Of these lines, in bytes. */
  readonly length: number;
}

/** Reads the values of a log, and of each request the one event that counts. */
export interface AuditReader extends TextScanner<AuditReading> {
  /** A JSON value: one event, or a batch in any wrapping. */
  readonly read: (value: unknown) => readonly AuditReading[];
}

/** Identities that are remembered at least: those of the last minutes of a busy API server. */
const REMEMBERED = 50_000;

/**
 * Of one request, ResponseComplete counts; of exec, attach and port-forward already ResponseStarted, and the end of it no more.
 *
 * An event that comes again, as after a lost answer to a webhook, is skipped as long as it is remembered. A request that concerns nobody
 * may be read as plain.
 */
export function createAuditReader(interest: AuditInterest = EVERYTHING): AuditReader {
  const scanner = new AuditScanner();
  const plainReader = new PlainReader(scanner, interest);
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

  function readScanned({ events, isList }: Scanned): ScannedReadings<AuditReading> {
    const readings: (AuditReading | readonly AuditReading[])[] = [];
    for (let index = 0; index < events; index += 1) {
      scanner.choose(index);
      const plain = plainReader.read(id);
      if (plain === undefined) readings.push(readValue(JSON.parse(scanner.whole()), isList ? 1 : 0));
      else if (plain === 'stage') readings.push(STAGE);
      else readings.push(recent.isNew(id) ? plain : REPEAT);
    }
    return readings;
  }

  return {
    read: (value) => readValue(value, 0),
    scan(text) {
      const scanned = scanner.scan(text);
      return scanned === undefined ? undefined : readScanned(scanned);
    },
    scanLines(text) {
      const scanned = scanner.scanLines(text);
      return { readings: readScanned(scanned), length: scanned.length };
    },
  };
}

const EVERYTHING: AuditInterest = { concerns: () => true, showsSign: () => true };
const STAGE = { skipped: 'stage' } as const;
const REPEAT = { skipped: 'repeat' } as const;

/** The identity of a parsed event ends with a line break where slots are hashed. What is too long has a hash of its hash, and is always parsed. */
function hashIdentity(scanner: AuditScanner, identity: string, id: Hash): void {
  if (!scanner.hashTexts([identity], id)) scanner.hashTexts([createHash('sha256').update(identity).digest('base64')], id);
}
