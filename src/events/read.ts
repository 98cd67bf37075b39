import type { EventOf, EventSource } from '#src/model/detection.ts';
import type { LostFlows } from '#src/model/flow.ts';
import { createAuditReader } from './sources/audit/read.ts';
import { parseFalco } from './sources/falco/parse.ts';
import { parseHubble } from './sources/hubble/parse.ts';

/** What became of one piece of a log. */
export type EventReading<S extends EventSource = EventSource> =
  | { readonly event: EventOf[S] }
  | { readonly malformed: string }
  /** It lost so many: nobody knows what they were. */
  | { readonly lost: LostFlows }
  /** Says nothing new: `stage` and `repeat` of a request that counts once, a dry run, or a line about something else. */
  | { readonly skipped: 'stage' | 'repeat' | 'dry-run' | 'other' };

/** Reads the JSON values of one source. It remembers which requests it has seen. */
export interface EventReader<S extends EventSource = EventSource> {
  readonly read: (value: unknown) => readonly EventReading<S>[];
}

const READERS: { readonly [S in EventSource]: () => EventReader<S> } = {
  audit: createAuditReader,
  falco: () => ({ read: (value) => batchOf(value).map(parseFalco) }),
  hubble: () => ({ read: (value) => batchOf(value).map(parseHubble) }),
};

export function createEventReader<S extends EventSource>(source: S): EventReader<S> {
  return READERS[source]();
}

function batchOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
