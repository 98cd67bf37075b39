import type { ActivityState } from '#src/model/activity.ts';
import type { Detection, DetectionSettings, EventOf, EventSource } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';
import type { Flow } from '#src/model/flow.ts';
import { addActivity, emptyActivity } from './activity.ts';
import { createDetector, type Detected, type Detector } from './detect.ts';
import { flowOf } from './flow-of.ts';
import { createFeedReader, type EventReader, type FeedReader } from './read.ts';

/** What a batch says. */
export interface JudgedBatch {
  readonly events: number;
  /** What is wrong with each piece that is no event. */
  readonly malformed: readonly string[];
  readonly lost: number;
  /** Why detections could not judge what concerns them. */
  readonly undecided: readonly string[];
  readonly alarms: readonly Detected[];
  /** Who was seen, and when. */
  readonly activity: ActivityState;
  /** Connections that it tells of. */
  readonly flows: readonly Flow[];
}

/** Judges the batches of one cluster, one after the other. It remembers what it has seen: nothing may be judged twice by it. */
export type BatchJudge = (feed: Feed, text: string | undefined) => JudgedBatch;

export interface BatchJudgeNeeds {
  readonly cluster: string;
  readonly detections: readonly Detection[];
  readonly settings: DetectionSettings;
  /** Takes what a detection threw; the others go on. */
  readonly onFault: (detection: string, error: unknown) => void;
}

export function createBatchJudge({ cluster, detections, settings, onFault }: BatchJudgeNeeds): BatchJudge {
  const detector = createDetector({ detections, context: { settings }, cluster, onFault });
  const readers = new Map<Feed, FeedReader>();
  const readerOf = (feed: Feed): FeedReader => {
    const reader = readers.get(feed) ?? createFeedReader(feed);
    readers.set(feed, reader);
    return reader;
  };
  return (feed, text) => {
    // Nobody knows how many were in it: it counts as one.
    if (text === undefined) return { ...NOTHING, lost: 1, activity: emptyActivity() };
    const values = valuesOf(text);
    if (values === undefined) return { ...NOTHING, malformed: ['no JSON'], activity: emptyActivity() };
    const { source, reader } = readerOf(feed);
    // One branch each, so that the source and its reader stay a pair.
    if (source === 'audit') return judgeValues({ feed, source, reader }, values, detector);
    return source === 'falco' ? judgeValues({ feed, source, reader }, values, detector) : judgeValues({ feed, source, reader }, values, detector);
  };
}

const NOTHING = { events: 0, malformed: [], lost: 0, undecided: [], alarms: [], flows: [] } as const;

interface Judged<S extends EventSource> {
  readonly feed: Feed;
  readonly source: S;
  readonly reader: EventReader<S>;
}

function judgeValues<S extends EventSource>({ feed, source, reader }: Judged<S>, values: readonly unknown[], detector: Detector): JudgedBatch {
  const [malformed, undecided, alarms, flows]: [string[], string[], Detected[], Flow[]] = [[], [], [], []];
  const activity = emptyActivity();
  let [events, lost] = [0, 0];
  for (const reading of values.flatMap(reader.read)) {
    if ('malformed' in reading) malformed.push(reading.malformed);
    else if ('lost' in reading) lost += reading.lost.lost;
    else if ('event' in reading) {
      events += 1;
      if (feed === 'audit') addActivity(activity, reading.event as EventOf['audit']);
      else {
        const told = flowOf(reading.event as EventOf['falco' | 'hubble'], feed);
        if ('flow' in told) flows.push(told.flow);
      }
      for (const judgement of detector.judge(source, reading.event)) {
        if ('reason' in judgement) undecided.push(`${judgement.detection}: ${judgement.reason}`);
        else alarms.push(judgement);
      }
    }
  }
  return { events, malformed, lost, undecided, alarms, activity, flows };
}

/** One JSON value, or one in each line; undefined when it is neither. */
function valuesOf(text: string): readonly unknown[] | undefined {
  const parsed = parse(text);
  if (parsed !== undefined) return [parsed];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // A line that is no JSON is a malformed event among others.
  return lines.length > 1 ? lines.map((line) => parse(line) ?? line) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
