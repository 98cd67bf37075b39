import { clusterRanges, createClassifier } from '#src/connections/classify.ts';
import { createFingerprints } from '#src/connections/fingerprints.ts';
import { createNameMemory } from '#src/connections/remote.ts';
import { learnNames, sightOf, type SightNeeds } from '#src/connections/sight.ts';
import { parseHubble } from '#src/events/sources/hubble/parse.ts';
import { keyText } from '#src/model/connection-key.ts';
import type { Flow } from '#src/model/flow.ts';
import { runChild } from '../child.ts';
import { BenchFault, least, measureRounds, ratioOf, sampleOf, type Bench } from '../harness.ts';
import { generateFlows } from './lines.ts';
import type { Remembered } from './memory.ts';

const SIZES = { small: { flows: 20_000, keys: 5_000_000 }, full: { flows: 100_000, keys: 10_000_000 } } as const;

/** Whether each first connection is found, at what cost beside reading the flows, and in how much memory. */
export const bench: Bench = {
  name: 'flows',
  summary: 'first external connections, against parsing the same flows (D)',
  async run({ size, pairs, seed, note }) {
    const { flows: count, keys } = SIZES[size];
    const lines = generateFlows(count, seed);
    const flows = lines.map(flowOf);
    note(`comparing the first connections of ${count} flows with a plain set`);
    checkFirstSeen(flows);
    note(`${count} flows: ${pairs} pairs`);
    const samples = await measureRounds({ parse: () => sampleOf(() => parseAll(lines)), firstSeen: () => sampleOf(() => firstSeen(flows)) }, pairs);
    note(`remembering ${keys} keys`);
    const { result } = await runChild<Remembered>(new URL('memory.ts', import.meta.url), { keys }, 'sources');
    if (result.keys + result.missed !== keys) throw new BenchFault(`${keys} keys were added, and the table holds ${result.keys}`);
    const cpu = ({ cpuMs }: { readonly cpuMs: number }) => cpuMs;
    return {
      targets: [
        { id: 'D1', says: 'CPU of finding first connections in parsed flows ÷ JSON.parse of all', atMost: 0.33, ...ratioOf(samples.firstSeen, samples.parse, cpu) },
        { id: 'D2', says: `memory of one of ${keys} keys`, atMost: 20, unit: 'bytes', value: result.bytesPerKey },
        { id: 'D3', says: `first connections missed, and known ones forgotten, of ${keys}`, atMost: 0, unit: 'keys', value: result.missed + result.forgotten },
      ],
      figures: [
        { name: 'JSON.parse', value: (least(samples.parse.map(cpu)) * 1000) / count, unit: 'µs per flow' },
        { name: 'first connections', value: (least(samples.firstSeen.map(cpu)) * 1000) / count, unit: 'µs per flow' },
        { name: 'remembering a key', value: result.microsecondsPerKey, unit: 'µs' },
        { name: 'mean line', value: lines.reduce((sum, line) => sum + line.length, 0) / count, unit: 'bytes' },
      ],
    };
  },
};

function flowOf(line: string): Flow {
  const reading = parseHubble(JSON.parse(line));
  if (!('event' in reading)) throw new BenchFault('a generated line is no flow');
  return reading.event;
}

function parseAll(lines: readonly string[]): void {
  for (const line of lines) JSON.parse(line);
}

/** As the work on events does it, without what is recorded in Redis. */
function firstSeen(flows: readonly Flow[]): readonly string[] {
  const cluster = clusterRanges({ nodes: [], services: [], serviceRanges: [], configured: ['10.0.0.0/8'], pods: [] });
  const needs: SightNeeds = { cluster: 'prod', classify: createClassifier({ cluster, corporate: [], groups: new Map() }), arePodsKnown: true, names: createNameMemory(), ownerOf: () => undefined, nowMs: 0 };
  const seen = createFingerprints();
  const first: string[] = [];
  for (const flow of flows) {
    learnNames(flow, needs);
    const sight = sightOf(flow, needs);
    if (!('sighting' in sight)) continue;
    const text = keyText(sight.sighting.key);
    if (seen.has(text)) continue;
    seen.add(text);
    first.push(text);
  }
  return first;
}

/** By what the generator says: flows to the world that are no answers, by workload and name. @throws {BenchFault} */
function checkFirstSeen(flows: readonly Flow[]): void {
  const expected = new Set<string>();
  for (const { source, destination, reply } of flows) {
    if (reply === false && destination.outside === true && source.workload !== undefined) expected.add(`${source.workload.namespace}/${source.workload.name} ${destination.names.join()}`);
  }
  const found = firstSeen(flows).map((text) => {
    const [, , namespace, , name, , remote] = JSON.parse(text) as readonly string[];
    return `${namespace ?? ''}/${name ?? ''} ${remote ?? ''}`;
  });
  if (found.length !== expected.size || found.some((one) => !expected.has(one))) throw new BenchFault(`${expected.size} first connections were to be found, and ${found.length} were`);
}
