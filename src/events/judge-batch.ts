import type { ActivityState } from '#src/model/activity.ts';
import type { Detection, DetectionSettings, EventOf } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';
import { addActivity, emptyActivity } from './activity.ts';
import { createDetector, type Detected, type Detector } from './detect.ts';
import { createEventReader, type EventReader } from './read.ts';

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
  const readers: { readonly [F in Feed]: EventReader<F> } = { audit: createEventReader('audit'), falco: createEventReader('falco') };
  return (feed, text) => {
    // Nobody knows how many were in it: it counts as one.
    if (text === undefined) return { ...NOTHING, lost: 1, activity: emptyActivity() };
    const values = valuesOf(text);
    if (values === undefined) return { ...NOTHING, malformed: ['no JSON'], activity: emptyActivity() };
    return feed === 'audit' ? judgeValues(feed, values, readers.audit, detector) : judgeValues(feed, values, readers.falco, detector);
  };
}

const NOTHING = { events: 0, malformed: [], lost: 0, undecided: [], alarms: [] } as const;

function judgeValues<F extends Feed>(feed: F, values: readonly unknown[], reader: EventReader<F>, detector: Detector): JudgedBatch {
  const [malformed, undecided, alarms]: [string[], string[], Detected[]] = [[], [], []];
  const activity = emptyActivity();
  let [events, lost] = [0, 0];
  for (const reading of values.flatMap(reader.read)) {
    if ('malformed' in reading) malformed.push(reading.malformed);
    else if ('lost' in reading) lost += reading.lost.lost;
    else if ('event' in reading) {
      events += 1;
      if (feed === 'audit') addActivity(activity, reading.event as EventOf['audit']);
      for (const judgement of detector.judge(feed, reading.event)) {
        if ('reason' in judgement) undecided.push(`${judgement.detection}: ${judgement.reason}`);
        else alarms.push(judgement);
      }
    }
  }
  return { events, malformed, lost, undecided, alarms, activity };
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
