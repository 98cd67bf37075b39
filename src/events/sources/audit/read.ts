import type { AuditEvent } from '#src/model/audit-event.ts';
import { createRecent } from '../recent.ts';
import { readGke } from './gke.ts';
import { readNative } from './native.ts';
import { unwrapEvents } from './unwrap.ts';

/** What became of one event of a log. */
export type AuditReading =
  | { readonly event: AuditEvent }
  | { readonly malformed: string }
  /** A stage or a repeat that says nothing new, or a line of another log. */
  | { readonly skipped: 'stage' | 'repeat' | 'dry-run' | 'other' };

/** Reads the values of a log, and of each request the one event that counts. */
export interface AuditReader {
  /** A JSON value: one event, or a batch in any wrapping. */
  readonly read: (value: unknown) => readonly AuditReading[];
}

/**
 * Of one request, ResponseComplete counts; of exec, attach and port-forward already ResponseStarted, and the end of it no more.
 *
 * An event that comes again, as after a lost answer to a webhook, is skipped as long as it is remembered.
 */
export function createAuditReader(): AuditReader {
  const recent = createRecent();
  const readOne = (event: AuditEvent | undefined): AuditReading => {
    if (event === undefined) return { skipped: 'stage' };
    if (event.id !== undefined && !recent.isNew(event.id)) return { skipped: 'repeat' };
    return event.dryRun ? { skipped: 'dry-run' } : { event };
  };
  return {
    read: (value) =>
      unwrapEvents(value).map((wrapped) => {
        if ('malformed' in wrapped) return wrapped;
        if ('other' in wrapped) return { skipped: 'other' };
        return readOne(wrapped.form === 'native' ? readNative(wrapped.event) : readGke(wrapped.event));
      }),
  };
}
