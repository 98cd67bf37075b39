import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import type { Kind } from '#src/model/kinds.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { ensureBuilt } from '../built.ts';
import { runChild } from '../child.ts';
import { BenchFault, least, measureRounds, median, ratioOf, sampleOf, type Bench, type BenchOptions, type Figure, type Outcome, type Sample, type Samples } from '../harness.ts';
import { generateCluster, type GeneratedCluster } from './cluster.ts';
import { inMemory } from './in-memory.ts';
import type { MemoryInput } from './memory.ts';
import { read, READERS, scanCluster, scanSource, withCluster, type Reader } from './readers.ts';
import { startReplay, type Address, type Counts, type Pace, type Replay } from './replay.ts';

const PODS = { small: 10_000, full: 150_000 } as const;
/** Memory is compared with that of a little cluster, which has to be large enough for the heap to have grown to what it stays at. */
const PODS_LITTLE = 10_000;
const PODS_MEMORY = { small: 30_000, full: 150_000 } as const;
/** More would only take longer at the pace of an API server. */
const PODS_PACED = 10_000;

interface ReadSample extends Sample {
  /** 99th percentile of how late the event loop came round. */
  readonly delayMs: number;
}

export const bench: Bench = {
  name: 'scan',
  summary: 'a scan of a large cluster against receiving and discarding its lists, and against parsing them (B1–B5)',
  async run(options) {
    const pods = PODS[options.size];
    const most = Math.max(pods, PODS_MEMORY[options.size]);
    options.note(`encoding ${most} pods`);
    const replay = await startReplay({ pods: most, seed: options.seed });
    try {
      const requests = await checkResult(replay, pods, options);
      const fast = await measure(replay, 'fast', pods, options);
      const paced = await measure(replay, 'paced', PODS_PACED, options);
      const memory = await measureMemory(replay, options);
      return { targets: [...speedTargets(fast, paced), ...memoryTargets(memory), ...requests], figures: figuresOf(fast, paced, memory, pods) };
    } finally {
      await replay.stop();
    }
  },
};

/** Over the network, in whatever pieces and after whatever failures, the findings are those of the objects in memory. */
async function checkResult(replay: Replay, pods: number, { note, seed }: BenchOptions): Promise<readonly Outcome[]> {
  note('comparing the findings with those of the same objects in memory');
  const cluster = generateCluster(pods, seed);
  const address = replay.at('fast', pods);
  // The certificates of the connection are judged as well.
  const expected = await withCluster(address, ({ connection }) => scanSource({ ...inMemory(cluster), ...(connection && { connection }) }));
  await replay.takeCounts();
  if (expected.findings.length === 0) throw new BenchFault('the generated cluster has no findings');
  mustEqual(await scanCluster(address), expected, 'a scan over the network');
  const counts = await replay.takeCounts();
  mustEqual(await scanCluster(replay.at('expiring', pods)), expected, 'a scan whose page tokens expire');
  await replay.takeCounts();
  return requestTargets(counts, cluster);
}

function mustEqual(result: ScanResult, expected: ScanResult, what: string): void {
  if (!isDeepStrictEqual(result, expected)) throw new BenchFault(`${what} gives another result than the objects in memory (${result.findings.length} findings, ${expected.findings.length} expected)`);
}

async function measure(replay: Replay, pace: Pace, pods: number, { pairs, note }: BenchOptions): Promise<Samples<Reader, ReadSample>> {
  note(`reading ${pods} pods, ${pace}: ${pairs + 1} times each of ${READERS.join(', ')}`);
  const address = replay.at(pace, pods);
  return measureRounds<Reader, ReadSample>({ discard: () => sampleRead('discard', address), parse: () => sampleRead('parse', address), product: () => sampleRead('product', address) }, pairs);
}

async function sampleRead(reader: Reader, address: Address): Promise<ReadSample> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const sample = await sampleOf(() => read(reader, address));
  delay.disable();
  return { ...sample, delayMs: delay.percentile(99) / 1e6 };
}

/** Peak resident memory in MB: by reader on the large cluster, and of the product on the little cluster. */
type Memory = Readonly<Record<Reader | 'little', number>>;

async function measureMemory(replay: Replay, { size, pairs, note }: BenchOptions): Promise<Memory> {
  note('measuring memory, each reader in a process of its own');
  await ensureBuilt();
  const module = new URL('memory.ts', import.meta.url);
  const peakOf = async (reader: Reader, clusterPods: number): Promise<number> => {
    const input: MemoryInput = { reader, address: replay.at('fast', clusterPods) };
    const peaks: number[] = [];
    for (let round = 0; round < pairs; round += 1) peaks.push((await runChild(module, input, 'compiled')).peakRssMb);
    return median(peaks);
  };
  const pods = PODS_MEMORY[size];
  return { discard: await peakOf('discard', pods), parse: await peakOf('parse', pods), product: await peakOf('product', pods), little: await peakOf('product', PODS_LITTLE) };
}

function speedTargets(fast: Samples<Reader, ReadSample>, paced: Samples<Reader, ReadSample>): readonly Outcome[] {
  const cpu = (sample: ReadSample) => sample.cpuMs;
  return [
    { id: 'B1a', says: 'CPU of a scan ÷ receive and discard', atMost: 1.6, ...ratioOf(fast.product, fast.discard, cpu) },
    { id: 'B1b', says: 'CPU of a scan ÷ fetch and JSON.parse', atMost: 0.25, ...ratioOf(fast.product, fast.parse, cpu) },
    { id: 'B2', says: 'wall time of a scan ÷ prefetching discard, at the pace of an API server', atMost: 1.1, ...ratioOf(paced.product, paced.discard, ({ wallMs }) => wallMs) },
    { id: 'B4', says: 'event loop delay p99 of a scan ÷ discard, at the pace of an API server', atMost: 2, ...ratioOf(paced.product, paced.discard, ({ delayMs }) => delayMs) },
  ];
}

function memoryTargets({ product, little, discard }: Memory): readonly Outcome[] {
  return [
    { id: 'B3a', says: 'peak RSS of a scan ÷ that of the little cluster', atMost: 1.3, value: product / little },
    { id: 'B3b', says: 'peak RSS of a scan over that of discard', atMost: 60, unit: 'MB', value: product - discard },
  ];
}

function requestTargets({ lists, limits, mostInFlight, unbounded, others }: Counts, cluster: GeneratedCluster): readonly Outcome[] {
  const shares = (Object.entries(lists) as [Kind, number][]).map(([kind, count]) => {
    const objects = kind === 'Pod' ? cluster.pods : (cluster.others.get(kind)?.length ?? 0);
    return count / (Math.ceil(objects / Math.max(1, limits[kind] ?? 1)) + 1);
  });
  return [
    { id: 'B5a', says: 'requests for a kind ÷ pages of the kind + 1, the worst kind', atMost: 1, value: Math.max(...shares) },
    { id: 'B5b', says: 'lists in flight at once', atMost: 2, unit: 'requests', value: mostInFlight },
    { id: 'B5c', says: 'lists without a limit, and requests for anything but lists', atMost: 0, unit: 'requests', value: unbounded + others },
  ];
}

function figuresOf(fast: Samples<Reader, ReadSample>, paced: Samples<Reader, ReadSample>, memory: Memory, pods: number): readonly Figure[] {
  return [
    ...READERS.flatMap((reader) => [
      { name: `${reader}, CPU per pod`, value: (least(fast[reader].map(({ cpuMs }) => cpuMs)) / pods) * 1000, unit: 'µs' },
      { name: `${reader}, wall time`, value: least(fast[reader].map(({ wallMs }) => wallMs)), unit: 'ms' },
      { name: `${reader}, wall time of ${PODS_PACED} pods at the pace of an API server`, value: least(paced[reader].map(({ wallMs }) => wallMs)), unit: 'ms' },
      { name: `${reader}, event loop delay p99 at the pace of an API server`, value: least(paced[reader].map(({ delayMs }) => delayMs)), unit: 'ms' },
      { name: `${reader}, peak RSS`, value: memory[reader], unit: 'MB' },
    ]),
    { name: 'product, peak RSS on the little cluster', value: memory.little, unit: 'MB' },
  ];
}
