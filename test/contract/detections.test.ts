import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { detectionExamplesOf, eventsOf, type DetectionExample } from '#scripts/gen/detection-examples.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { createDetector, type Detected, type Judgement } from '#src/events/detect.ts';
import { createEventReader } from '#src/events/read.ts';
import { NO_DETECTION_SETTINGS, type Detection } from '#src/model/detection.ts';
import { AREAS, areaOf } from '#src/model/finding.ts';
import { checks } from '#src/checks/index.gen.ts';

/** Stands in examples for the value of a secret. No message may hold it. */
const CANARY = 'canary-3f9c';
const HOSTILE_VALUES = [null, 7, 'text', [], [null], {}];
/** More would only repeat the same. */
const MUTATED_EVENTS = 3;

describe('src/events/detections', () => {
  test('every id is its folder, unique, and no other detection or check answers to it', async () => {
    const folders = (await readdir('src/events/detections', { recursive: true })).filter((entry) => entry.endsWith('detection.ts'));

    const names = [...detections, ...checks].flatMap((unit) => [unit.id, ...(unit.aliases ?? [])]);

    expect(detections.map((detection) => `${detection.id}/detection.ts`).sort()).toEqual(folders.map((folder) => folder.replaceAll('\\', '/')).sort());
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(detections.map((detection) => [detection.id, detection] as const))('%s', (id, detection) => {
    test('says what happened, what to do and where the rule is from', () => {
      expect(detection.title).not.toMatch(/\.$/);
      expect(detection.why).toMatch(/\.$/);
      expect(detection.fix).toMatch(/\.$/);
      expect(detection.sources.length).toBeGreaterThan(0);
      expect(AREAS).toContain(areaOf(id));
      expect(detection.tips.length).toBeGreaterThan(0);
      expect(detection.tips.every((tip) => tip >= 1 && tip <= AREAS.length)).toBe(true);
      expect(detection.reads.length).toBeGreaterThan(0);
    });

    test('has examples that fire and that do not, and every item is found in one', async () => {
      const examples = await detectionExamplesOf(id);
      const items = new Set(examples.flatMap(({ finds }) => finds.map((alarm) => ('item' in alarm ? alarm.item : undefined))));

      expect(examples.some(({ finds }) => finds.length > 0)).toBe(true);
      expect(examples.some(({ finds, undecided }) => finds.length === 0 && undecided === undefined)).toBe(true);
      expect([...items].filter((item) => item !== undefined).sort()).toEqual(Object.keys(detection.items ?? {}).sort());
      expect(new Set(examples.flatMap(({ source, finds }) => (finds.length > 0 ? [source] : [])))).toEqual(new Set(detection.reads));
    });

    test('each example tells exactly what it says', async () => {
      for (const example of await detectionExamplesOf(id)) {
        const judgements = judge(detection, example, eventsOf(example));

        const told = judgements.filter((judgement) => 'message' in judgement);
        const { title } = example;
        expect({ title, finds: told.map((alarm, index) => describeAs(alarm, example.finds[index])) }).toEqual({ title, finds: example.finds.map((alarm) => ({ ...alarm })) });
        expect({ title, undecided: judgements.flatMap((judgement) => ('reason' in judgement ? [judgement.reason] : [])) }).toEqual({ title, undecided: example.undecided ?? [] });
      }
    });

    test('survives any field being something else', async () => {
      const faults: unknown[] = [];
      for (const example of await detectionExamplesOf(id)) {
        for (const events of mutations(eventsOf(example).slice(0, MUTATED_EVENTS))) judge(detection, example, events, (error) => faults.push(error));
      }

      expect(faults).toEqual([]);
    });

    test('prints no secret, reports one sentence and changes no event', async () => {
      for (const example of await detectionExamplesOf(id)) {
        const events = freeze(eventsOf(example));
        const told = judge(detection, example, events);

        expect(JSON.stringify(told)).not.toContain(CANARY);
        for (const alarm of told) if ('message' in alarm) expect(alarm.message).not.toMatch(/\.$/);
      }
    });

    test('remembers nothing from one run to the next', async () => {
      for (const example of await detectionExamplesOf(id)) {
        expect(judge(detection, example, eventsOf(example))).toEqual(judge(detection, example, eventsOf(example)));
      }
    });
  });
});

function judge(detection: Detection, example: DetectionExample, events: readonly unknown[], onFault?: (error: unknown) => void): readonly Judgement[] {
  const detector = createDetector({
    detections: [detection],
    context: { settings: { ...NO_DETECTION_SETTINGS, ...example.settings } },
    cluster: 'prod',
    onFault: (_, error) => {
      if (onFault === undefined) throw error;
      onFault(error);
    },
  });
  const reader = createEventReader(example.source);
  return events.flatMap((event) =>
    reader.read(event).flatMap((reading) => {
      if (!('event' in reading)) {
        if (onFault === undefined && 'malformed' in reading) throw new Error(reading.malformed);
        return [];
      }
      return detector.judge(example.source, reading.event);
    }),
  );
}

/** The alarm with as much detail as the example that expects it gives. */
function describeAs(alarm: Detected, expected: DetectionExample['finds'][number] | undefined): Record<string, unknown> {
  const all: Record<string, unknown> = { ...alarm, object: alarm.object === null ? undefined : `${alarm.object.kind}/${alarm.object.name}` };
  return Object.fromEntries(Object.keys(expected ?? { object: '', item: '', message: '' }).map((field) => [field, all[field]]));
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

/** The events with one value at a time replaced by something that is not there in a well-formed event. */
function* mutations(events: readonly unknown[]): Generator<readonly unknown[]> {
  for (const path of pathsOf(events, [])) {
    for (const value of HOSTILE_VALUES) {
      const copy = structuredClone(events);
      let here = copy as unknown as Record<string | number, unknown>;
      for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
      here[path.at(-1) ?? 0] = value;
      yield copy;
    }
  }
}

function* pathsOf(value: unknown, path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [index, entry] of value.entries()) yield* pathsOf(entry, [...path, index]);
  else if (typeof value === 'object' && value !== null) for (const [key, entry] of Object.entries(value)) yield* pathsOf(entry, [...path, key]);
}
