import { isDeepStrictEqual } from 'node:util';
import { BenchFault, seededNumbers } from '../harness.ts';
import { judge, type Outcome } from './judge.ts';
import { generateLog } from './log.ts';
import { changed, mutated } from './odd-lines.ts';

/** Judged at once, with nothing seen before. */
const PART = 10_000;
const LIST = 400;
const NEWLINE = Buffer.from('\n');
/** Of the lines. */
const [CHANGED, MUTATED] = [0.15, 0.05];

/** Judges logs with many odd lines with the scanner and by parsing, as lines and as lists. @throws {BenchFault} on any difference. */
export function compareWays(events: number, seed: number, chunkBytes: readonly number[]): void {
  const random = seededNumbers(seed);
  for (let done = 0; done < events; done += PART) {
    const { lines } = generateLog(Math.min(PART, events - done), seed * 1_000_003 + done);
    const odd = lines.map((line) => {
      const which = random();
      return which < CHANGED ? Buffer.from(changed(line, random)) : which < CHANGED + MUTATED ? mutated(Buffer.from(line), random) : Buffer.from(line);
    });
    const size = chunkBytes[(done / PART) % chunkBytes.length] ?? PART;
    compare(`${done} lines with seed ${seed}`, Buffer.concat(odd.flatMap((line) => [line, NEWLINE])), size);
    compare(`lists of ${done} lines with seed ${seed}`, listsOf(odd), size);
  }
}

function listsOf(lines: readonly Uint8Array[]): Buffer {
  const lists = Array.from({ length: Math.ceil(lines.length / LIST) }, (_, index) => lines.slice(index * LIST, (index + 1) * LIST).filter(isJson));
  return Buffer.concat(lists.flatMap((items) => [Buffer.from(`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.map((item) => Buffer.from(item).toString('latin1')).join(',')}]}\n`, 'latin1')]));
}

/** One value, in one line. */
function isJson(line: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(line).toString('utf8'));
    return !line.includes(NEWLINE[0] ?? 0);
  } catch {
    return false;
  }
}

function compare(what: string, bytes: Buffer, chunkBytes: number): void {
  const [scanned, parsed] = [summary(judge(bytes, chunkBytes, 'scan')), summary(judge(bytes, chunkBytes, 'parse'))];
  for (const part of Object.keys(parsed)) {
    if (!isDeepStrictEqual(scanned[part], parsed[part])) throw new BenchFault(`${what}: scanning says something else than parsing about ${part}`);
  }
}

function summary({ detected, undecided, activity, counts }: Outcome): Readonly<Record<string, unknown>> {
  return { detected: detected.map(({ fingerprint }) => fingerprint), undecided, counts, ...activity };
}
