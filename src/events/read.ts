import type { EventOf, EventSource } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';
import type { LostFlows } from '#src/model/flow.ts';
import type { AuditInterest, PlainRequest } from '#src/model/presence.ts';
import { createAuditReader, type TextScanner } from './sources/audit/read.ts';
import { parseCalico } from './sources/calico/parse.ts';
import { parseFeedState } from './sources/feed-state.ts';
import { parseFalco } from './sources/falco/parse.ts';
import { parseFlow } from './sources/flows/parse.ts';
import { parseHubble } from './sources/hubble/parse.ts';
import { parseKubescape } from './sources/kubescape/parse.ts';
import { createRecent } from './sources/recent.ts';
import { parseSysdig } from './sources/sysdig/parse.ts';

export type { ScannedLines, ScannedReadings } from './sources/audit/read.ts';

/** What became of one piece of a log. */
export type EventReading<S extends EventSource = EventSource> =
  | { readonly event: EventOf[S] }
  /** Of an audit log. */
  | PlainRequest
  | { readonly malformed: string }
  /** It lost so many: nobody knows what they were. */
  | { readonly lost: LostFlows }
  /** Says nothing new: `stage` and `repeat` of a request that counts once, a dry run, or a line about something else. */
  | { readonly skipped: 'stage' | 'repeat' | 'dry-run' | 'other' };

/** Reads the JSON values of one source. It remembers which requests it has seen. */
export interface EventReader<S extends EventSource = EventSource> {
  readonly read: (value: unknown) => readonly EventReading<S>[];
  /** Where reading a text is cheaper than parsing it. */
  readonly scanner?: TextScanner<EventReading<S>>;
}

const READERS: { readonly [S in EventSource]: (interest?: AuditInterest) => EventReader<S> } = {
  audit: auditReader,
  falco: () => readerOf(parseFalco),
  hubble: () => readerOf(parseHubble),
  feed: () => ({ read: (value) => [parseFeedState(value)] }),
};

/** Requests that concern nobody may be read as plain. */
export function createEventReader<S extends EventSource>(source: S, interest?: AuditInterest): EventReader<S> {
  return READERS[source](interest);
}

/** What a feed sends, as the events of the source whose detections judge it. */
export type FeedReader = ReaderOf<'audit'> | ReaderOf<'falco'> | ReaderOf<'hubble'>;

interface ReaderOf<S extends EventSource> {
  readonly source: S;
  readonly reader: EventReader<S>;
}

const FEED_READERS: Readonly<Record<Feed, (interest?: AuditInterest) => FeedReader>> = {
  audit: (interest) => ({ source: 'audit', reader: auditReader(interest) }),
  falco: () => ({ source: 'falco', reader: readerOf(parseFalco) }),
  sysdig: () => ({ source: 'falco', reader: readerOf(parseSysdig) }),
  hubble: () => ({ source: 'hubble', reader: readerOf(parseHubble) }),
  calico: () => ({ source: 'hubble', reader: readerOf(parseCalico) }),
  flows: () => ({ source: 'hubble', reader: readerOf(parseFlow) }),
  kubescape: () => ({ source: 'hubble', reader: readerOf(parseKubescape) }),
};

export function createFeedReader(feed: Feed, interest?: AuditInterest): FeedReader {
  return FEED_READERS[feed](interest);
}

function auditReader(interest?: AuditInterest): EventReader<'audit'> {
  const reader = createAuditReader(interest);
  return { read: reader.read, scanner: reader };
}

/** Senders repeat what they have no answer about: what has an id counts once. */
function readerOf<S extends 'falco' | 'hubble'>(parse: (value: unknown) => EventReading<S> | readonly EventReading<S>[]): EventReader<S> {
  const recent = createRecent();
  return {
    read: (value) =>
      batchOf(value)
        .flatMap(parse)
        .map((reading) => ('event' in reading && reading.event.id !== undefined && !recent.isNew(reading.event.id) ? { skipped: 'repeat' } : reading)),
  };
}

function batchOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
