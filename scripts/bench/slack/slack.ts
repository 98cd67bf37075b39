import type { ScanResult } from '#src/model/scan-result.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { BenchFault, type Bench, type BenchOptions, type Figure } from '../harness.ts';
import { generateCluster } from '../scan/cluster.ts';
import { inMemory } from '../scan/in-memory.ts';
import { scanSource } from '../scan/readers.ts';
import { firstMessageSeconds, scanAndDeliver, type Flood } from './flood.ts';
import { startWorld } from './world.ts';

/** One scan that finds very much, and many scans that end at once. Pods bring their owners, which is where the findings are. */
const SIZES = {
  small: { floodPods: 8_000, floodFindings: 2_000, scans: 10, podsPerScan: 500 },
  full: { floodPods: 40_000, floodFindings: 10_000, scans: 60, podsPerScan: 1_000 },
} as const;
/** Messages of another channel that wait for their second. */
const WAITING = 100;

export const bench: Bench = {
  name: 'slack',
  summary: 'what is posted for a flood of findings, against the fewest posts that tell them (E)',
  async run(options) {
    const { floodPods, floodFindings, scans, podsPerScan } = SIZES[options.size];
    const flood = await deliverScans(1, floodPods, options);
    if (flood.findings < floodFindings) throw new BenchFault(`the flood has only ${flood.findings} findings`);
    const many = await deliverScans(scans, podsPerScan, options);
    const firstSeconds = await firstMessage(options);
    return {
      targets: [
        { id: 'E1', says: `posts ÷ fewest posts, one scan with ${flood.findings} findings`, atMost: 1.2, value: flood.posts / flood.leastPosts },
        { id: 'E2', says: `posts ÷ fewest posts, ${scans} scans in one channel at once`, atMost: 1.2, value: many.posts / many.leastPosts },
        { id: 'E3', says: 'calls that a Slack without tolerance refused', atMost: 0, unit: 'calls', value: flood.refused + many.refused },
        { id: 'E4', says: `first message of a channel while another has ${WAITING} waiting, by the real clock, the slowest of ${options.pairs}`, atMost: 1, unit: 's', value: Math.max(...firstSeconds) },
      ],
      figures: [...figuresOf('one scan', flood), ...figuresOf(`${scans} scans`, many)],
    };
  },
};

async function deliverScans(scans: number, pods: number, { seed, note }: BenchOptions): Promise<Flood & { readonly findings: number }> {
  const cluster = { ...generateCluster(pods, seed), podTexts: () => [] };
  const sources = new Map<string, ObjectSource>(Array.from({ length: scans }, (_, index) => [`cluster-${index + 1}`, inMemory(cluster)]));
  const result = await scanSource(inMemory(cluster));
  const expected = new Map<string, ScanResult>([...sources.keys()].map((name) => [name, result]));
  note(`${scans} scans with ${result.findings.length} findings each`);
  const world = await startWorld('manual', sources);
  try {
    return { ...(await scanAndDeliver(world, expected)), findings: result.findings.length * scans };
  } finally {
    await world.stop();
  }
}

async function firstMessage({ pairs, note }: BenchOptions): Promise<readonly number[]> {
  note(`the first message of a channel, ${pairs} times`);
  const seconds: number[] = [];
  for (let round = 0; round < pairs; round += 1) {
    const world = await startWorld('running', new Map());
    try {
      seconds.push(await firstMessageSeconds(world, WAITING));
    } finally {
      await world.stop();
    }
  }
  return seconds;
}

function figuresOf(what: string, { posts, updates, files, leastPosts, seconds }: Flood): readonly Figure[] {
  return [
    { name: `${what}, posts`, value: posts, unit: `of at least ${leastPosts}` },
    { name: `${what}, edits`, value: updates, unit: 'calls' },
    { name: `${what}, files`, value: files, unit: 'files' },
    { name: `${what}, until all of it stands`, value: seconds, unit: 's' },
  ];
}
