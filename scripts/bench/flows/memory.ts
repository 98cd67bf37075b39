import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as wait } from 'node:timers/promises';
import { createFingerprints } from '#src/connections/fingerprints.ts';
import { answer, childInput } from '../child.ts';

/** What a process found that remembered so many keys. */
export interface Remembered {
  readonly keys: number;
  /** New keys that were taken for known ones: first connections that nobody would have been asked about. */
  readonly missed: number;
  /** Known keys that were taken for new ones. */
  readonly forgotten: number;
  /** What the process grew by, and at least what the table says itself: what other memory was given back meanwhile is not its merit. */
  readonly bytesPerKey: number;
  readonly microsecondsPerKey: number;
}

/** Without the heap, which grows with the texts that pass by and is not given back soon: the table is none of it. */
function residentBeyondHeap(): number {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

setFlagsFromString('--expose-gc');
const collectNow = runInNewContext('gc') as () => void;

/** Buffers are given back some time after their owners are. */
async function collect(): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    collectNow();
    await wait(50);
  }
}

const { keys } = childInput() as { readonly keys: number };
const keyOf = (index: number): string => `["prod","egress","team-${index % 97}","Deployment","service-${index % 1009}","name","host-${index}.example",443,"tcp"]`;

await collect();
const before = residentBeyondHeap();
const seen = createFingerprints();
const cpu = process.cpuUsage();
let missed = 0;
for (let index = 0; index < keys; index += 1) {
  const key = keyOf(index);
  if (seen.has(key)) missed += 1;
  seen.add(key);
}
const { user, system } = process.cpuUsage(cpu);
await collect();
const after = residentBeyondHeap();
let forgotten = 0;
for (let index = 0; index < keys; index += 1) if (!seen.has(keyOf(index))) forgotten += 1;

answer({ keys: seen.size(), missed, forgotten, bytesPerKey: Math.max(after - before, seen.bytes()) / keys, microsecondsPerKey: (user + system) / keys } satisfies Remembered);
