import type { ActivityState } from '#src/model/activity.ts';
import type { Detection, DetectionSettings, EventOf, EventSource } from '#src/model/detection.ts';
import type { EventBatch, Feed } from '#src/model/event-intake.ts';
import type { Flow } from '#src/model/flow.ts';
import { marksIn } from '#src/model/self-test.ts';
import { addActivity, addPresence, emptyActivity } from './activity.ts';
import { createDetector, type Detected, type Detector } from './detect.ts';
import { flowOf } from './flow-of.ts';
import { createFeedReader, type EventReader, type FeedReader } from './read.ts';
import { readingsOf } from './read-text.ts';

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
  /** Of an audit log: marks that the bot left in it. */
  readonly marks: readonly string[];
}

/** Judges the batches of one cluster, one after the other. It remembers what it has seen: nothing may be judged twice by it. */
export type BatchJudge = (batch: Pick<EventBatch, 'feed' | 'text' | 'cameAtMs'>) => JudgedBatch;

/** Clocks may differ by as much. */
const AHEAD_MS = 60_000;

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
    const reader = readers.get(feed) ?? createFeedReader(feed, detector);
    readers.set(feed, reader);
    return reader;
  };
  return ({ feed, text, cameAtMs }) => {
    // Nobody knows how many were in it: it counts as one.
    if (text === undefined) return { ...NOTHING, lost: 1, activity: emptyActivity() };
    const { source, reader } = readerOf(feed);
    // One branch each, so that the source and its reader stay a pair.
    if (source === 'audit') return judgeText({ feed, source, reader, cameAtMs }, text, detector);
    return source === 'falco' ? judgeText({ feed, source, reader, cameAtMs }, text, detector) : judgeText({ feed, source, reader, cameAtMs }, text, detector);
  };
}

const NOTHING = { events: 0, malformed: [], lost: 0, undecided: [], alarms: [], flows: [], marks: [] } as const;

interface Judged<S extends EventSource> {
  readonly feed: Feed;
  readonly source: S;
  readonly reader: EventReader<S>;
  readonly cameAtMs: number;
}

function judgeText<S extends EventSource>({ feed, source, reader, cameAtMs }: Judged<S>, text: string, detector: Detector): JudgedBatch {
  const [malformed, undecided, alarms, flows]: [string[], string[], Detected[], Flow[]] = [[], [], [], []];
  const activity = emptyActivity();
  let [events, lost] = [0, 0];
  const readings = readingsOf(reader, text);
  if (readings === undefined) return { ...NOTHING, malformed: ['no JSON'], activity };
  for (const reading of readings) {
    if ('plain' in reading) {
      events += 1;
      addPresence(activity, notAhead(reading, cameAtMs));
    } else if ('malformed' in reading) malformed.push(reading.malformed);
    else if ('lost' in reading) lost += reading.lost.lost;
    else if ('event' in reading) {
      events += 1;
      const event = notAhead(reading.event, cameAtMs);
      if (feed === 'audit') addActivity(activity, event as EventOf['audit']);
      else {
        const told = flowOf(event as EventOf['falco' | 'hubble'], feed);
        if ('flow' in told) flows.push(told.flow);
      }
      for (const judgement of detector.judge(source, event)) {
        if ('reason' in judgement) undecided.push(`${judgement.detection}: ${judgement.reason}`);
        else alarms.push(judgement);
      }
    }
  }
  return { events, malformed, lost, undecided, alarms, activity, flows, marks: feed === 'audit' ? marksIn(text) : [] };
}

/** What comes from the future, because a clock is wrong, counts as of when it came: it must neither hide what follows nor last for years. */
function notAhead<T extends { readonly timeMs?: number | undefined }>(told: T, cameAtMs: number): T {
  return told.timeMs !== undefined && told.timeMs > cameAtMs + AHEAD_MS ? { ...told, timeMs: cameAtMs } : told;
}
