import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { EVENT_SOURCES } from '#src/model/detection.ts';
import { SEVERITIES } from '#src/model/finding.ts';

const expectedAlarm = z.strictObject({
  /** `Kind/name`; absent where it is about none. */
  object: z.string().optional(),
  item: z.string().optional(),
  severity: z.enum(SEVERITIES).optional(),
  message: z.string().optional(),
});

const example = z.strictObject({
  title: z.string(),
  /** What is found, nothing more: `Kind/name`, or an object that says more about the alarm. */
  finds: z.array(z.union([z.string().transform((object) => ({ object })), expectedAlarm])),
  /** Reasons for which an event is not decided, in any order. */
  undecided: z.array(z.string()).optional(),
  /** Settings of the site. */
  settings: z.record(z.string(), z.unknown()).optional(),
  source: z.enum(EVENT_SOURCES).default('audit'),
  /** Come once, before the others. */
  first: z.array(z.record(z.string(), z.unknown())).default([]),
  /** The events come this often, each time so much later, with `#` standing for the number of the time. */
  repeat: z.strictObject({ times: z.int().min(2), everySeconds: z.number().positive() }).optional(),
  events: z.array(z.record(z.string(), z.unknown())).min(1),
});

/** One example beside a detection: documentation and test at once. */
export interface DetectionExample extends z.output<typeof example> {
  /** As written in the file, for the docs. */
  readonly text: string;
}

/** The examples beside a detection. Throws, with the file's name, on one that is not well formed. */
export async function detectionExamplesOf(id: string): Promise<readonly DetectionExample[]> {
  const file = `src/events/detections/${id}/examples.yaml`;
  const text = await readFile(file, 'utf8');
  return parseAllDocuments(text).map((document, index) => {
    const parsed = example.safeParse(document.toJS());
    if (document.errors.length > 0 || !parsed.success) throw new Error(`${file}, example ${index + 1}: ${document.errors[0]?.message ?? parsed.error?.message ?? ''}`);
    return { ...parsed.data, text: text.slice(document.range[0], document.range[1]).trim() };
  });
}

const FIRST_MS = Date.UTC(2026, 7, 21, 9);

/** The events of an example as a log has them, repeated where it says so. A time is filled in where there is none. */
export function eventsOf({ source, first, repeat, events }: DetectionExample): readonly unknown[] {
  const { times = 1, everySeconds = 0 } = repeat ?? {};
  const repeated = Array.from({ length: times }, (_, index) =>
    events.map((event) => {
      const time = new Date(FIRST_MS + index * everySeconds * 1000).toISOString();
      const numbered = JSON.parse(JSON.stringify(event).replaceAll('#', String(index))) as Record<string, unknown>;
      return { [source === 'audit' ? 'requestReceivedTimestamp' : 'time']: time, ...numbered };
    }),
  ).flat();
  return [...first, ...repeated];
}
