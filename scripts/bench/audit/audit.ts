import { isDeepStrictEqual } from 'node:util';
import { activityOf } from '#src/events/activity.ts';
import { BenchFault, least, measureRounds, ratioOf, sampleOf, seededNumbers, type Bench } from '../harness.ts';
import { compareWays } from './compare.ts';
import { judge, type Outcome } from './judge.ts';
import { generateLog, type GeneratedLog, type Planted } from './log.ts';
import { shuffled } from './odd-lines.ts';

const SIZES = { small: 40_000, full: 300_000 } as const;
const CHUNK_BYTES = 64 * 1024;
/** Cuts lines, characters and escapes everywhere. */
const ODD_BYTES = 1009;
const BATCH = 400;
/** Of the log, for the comparisons. */
const COMPARED = 20_000;
/** With odd lines among them, once by each way of reading. */
const ODD = { small: 100_000, full: 1_000_000 } as const;
const MEGA = 1_000_000;

const DETECTION_OF: Readonly<Record<Planted, string>> = {
  exec: 'audit/pod-exec',
  attach: 'audit/pod-attach',
  privileged: 'audit/privileged-pod-created',
  token: 'audit/token-minted',
};

export const bench: Bench = {
  name: 'audit',
  summary: 'an audit log to detections and activity, against parsing its lines (A1)',
  async run(options) {
    const log = generateLog(SIZES[options.size], options.seed);
    options.note(`comparing ${COMPARED} events in six shapes`);
    checkShapes(log, options.seed);
    options.note(`comparing ${ODD[options.size]} events, odd ones among them, with what parsing says`);
    compareWays(ODD[options.size], options.seed, [CHUNK_BYTES, ODD_BYTES]);
    const bytes = Buffer.from(`${log.lines.join('\n')}\n`);
    checkPlanted(judge(bytes, CHUNK_BYTES, 'scan'), log);
    options.note(`${log.lines.length} events, ${Math.round(bytes.length / MEGA)} MB: ${options.pairs} pairs`);
    const samples = await measureRounds(
      {
        parse: () => sampleOf(() => parseLines(bytes)),
        parseAndJudge: () => sampleOf(() => judge(bytes, CHUNK_BYTES, 'parse')),
        judge: () => sampleOf(() => judge(bytes, CHUNK_BYTES, 'scan')),
      },
      options.pairs,
    );
    const cpu = ({ cpuMs }: { readonly cpuMs: number }) => cpuMs;
    const perEvent = (name: keyof typeof samples) => (least(samples[name].map(cpu)) * 1000) / log.lines.length;
    return {
      targets: [{ id: 'A1', says: 'CPU from bytes to detections and activity ÷ JSON.parse of the same lines', atMost: 0.4, ...ratioOf(samples.judge, samples.parse, cpu) }],
      figures: [
        { name: 'bytes per event', value: bytes.length / log.lines.length, unit: 'B' },
        { name: 'JSON.parse per line', value: perEvent('parse'), unit: 'µs per event' },
        { name: 'detections and activity, every line parsed', value: perEvent('parseAndJudge'), unit: 'µs per event' },
        { name: 'detections and activity', value: perEvent('judge'), unit: 'µs per event' },
        { name: 'throughput', value: 1000 / perEvent('judge'), unit: 'k events/s' },
      ],
    };
  },
};

function parseLines(bytes: Buffer): void {
  for (let start = 0, end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) JSON.parse(bytes.toString('utf8', start, end));
}

/** What is planted is found, and nobody is missed. */
function checkPlanted({ detected, activity, counts }: Outcome, { planted, people }: GeneratedLog): void {
  for (const [what, detection] of Object.entries(DETECTION_OF) as [Planted, string][]) {
    const found = detected.filter((one) => one.detection === detection).length;
    if (found !== planted[what]) throw new BenchFault(`${found} of ${planted[what]} ${what} were detected`);
  }
  const seen = new Set(activity.users.keys());
  const { event = 0, stage = 0, ...others } = counts;
  if (Object.keys(others).length > 0 || !isDeepStrictEqual(seen, new Set(people))) throw new BenchFault(`${seen.size} of ${people.size} people were seen, ${event + stage} events were read besides ${JSON.stringify(others)}`);
}

/** The same events say the same in whatever shape and pieces they come. */
function checkShapes({ lines }: GeneratedLog, seed: number): void {
  const some = lines.slice(0, COMPARED);
  const random = seededNumbers(seed);
  const values = some.map((line) => JSON.parse(line) as unknown);
  const lists = batches(values).map((items) => ({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items }));
  const shapes: Readonly<Record<string, string>> = {
    'lines in odd pieces': some.join('\n'),
    'fields in another order': values.map((value) => JSON.stringify(shuffled(value, random))).join('\n'),
    'names with escapes': some.map((line) => line.replaceAll('"verb":', '"\\u0076erb":').replaceAll('"subresource":', '"sub\\u0072esource":')).join('\n'),
    'lists of events, over many lines': lists.map((list) => JSON.stringify(list, undefined, 1)).join('\n'),
    'one list': JSON.stringify(values),
    CloudWatch: batches(some).map((messages) => JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: messages.map((message) => ({ message })) })).join(''),
  };
  const expected = summary(judge(Buffer.from(some.join('\n')), CHUNK_BYTES, 'scan'));
  for (const [name, text] of Object.entries(shapes)) {
    if (!isDeepStrictEqual(summary(judge(Buffer.from(text), ODD_BYTES, 'scan')), expected)) throw new BenchFault(`${name}: another result than line by line`);
  }
}

function summary({ detected, activity, counts }: Outcome): unknown {
  const window = { untilMs: Date.UTC(2026, 10, 3), days: 1 };
  return { detected: detected.map(({ fingerprint }) => fingerprint), people: [...activity.users.keys()].map((user) => [user, activityOf(activity, user, window)]), bindings: activity.bindings, actedAs: activity.actedAs, tools: activity.tools, counts };
}

function batches<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => all.slice(index * BATCH, (index + 1) * BATCH));
}
