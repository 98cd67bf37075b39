/** What a bench is asked to do. */
export interface BenchOptions {
  readonly size: 'small' | 'full';
  /** How often reference and candidate are measured side by side. */
  readonly pairs: number;
  /** All data follows from it. */
  readonly seed: number;
  /** Tells a person what is going on. */
  readonly note: (text: string) => void;
}

/** One script that measures some of the targets. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  /** @throws {BenchFault} when the output is wrong or something it needs is missing. */
  readonly run: (options: BenchOptions) => Promise<BenchReport>;
}

export interface BenchReport {
  readonly targets: readonly Outcome[];
  /** Absolute values of this machine, which carry no verdict. */
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What is to be reached: a ratio where nothing else is said. */
export interface Target {
  readonly id: string;
  readonly says: string;
  readonly atMost: number;
  readonly unit?: string;
}

/** A target with what was measured. */
export interface Outcome extends Target {
  readonly value: number;
  readonly spread?: Spread;
}

/** Ratios of single pairs. */
export interface Spread {
  readonly min: number;
  readonly median: number;
}

/** What one run of one variant took. */
export interface Sample {
  /** CPU time of the whole process, garbage collection included. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** Samples of all variants; those with the same index were measured right after each other. */
export type Samples<Name extends string, S extends Sample = Sample> = Readonly<Record<Name, readonly S[]>>;

/** The product gave a wrong result, or the bench cannot run here: nothing was measured. */
export class BenchFault extends Error {}

/** Fewer say nothing on a machine that has other things to do. */
export const LEAST_PAIRS = 5;

/** Measures what a run takes, and waits for it if it is a promise. */
export async function sampleOf(run: () => unknown): Promise<Sample> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000, wallMs };
}

/** Runs every variant once for warmth and then once in each round, in turning order, so that none always comes first. */
export async function measureRounds<Name extends string, S extends Sample>(variants: Readonly<Record<Name, () => Promise<S>>>, rounds: number): Promise<Samples<Name, S>> {
  const names = Object.keys(variants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, S[]>;
  for (const name of names) await variants[name]();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of turned(names, round)) samples[name].push(await variants[name]());
  }
  return samples;
}

/** The best of the candidate over the best of the reference; outliers of a busy machine spoil single pairs, hardly the best of five. */
export function ratioOf<S extends Sample>(candidate: readonly S[], reference: readonly S[], read: (sample: S) => number): { readonly value: number; readonly spread: Spread } {
  const pairs = reference.slice(0, candidate.length).flatMap((before, index) => candidate.slice(index, index + 1).map((after) => read(after) / read(before)));
  return { value: least(candidate.map(read)) / least(reference.map(read)), spread: { min: least(pairs), median: median(pairs) } };
}

export function isMet({ value, atMost }: Outcome): boolean {
  return value <= atMost;
}

/** The order of a round: even ones as they are, odd ones from behind. */
export function turned<T>(all: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? all : all.toReversed();
}

/** @throws on an empty list, which has none. */
export function least(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  return Math.min(...values);
}

/** Of an even number of values, the mean of the two in the middle. @throws on an empty list, which has none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  if (middle.length === 0) throw new RangeError('nothing was measured');
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Numbers from 0 to below 1, always the same for a seed (an xorshift of 32 bits). */
export function seededNumbers(seed: number): () => number {
  // Spread out, because seeds are small numbers. It must never be 0, or it stays so.
  const spread = Math.imul(seed, 0x9e3779b1);
  let state = spread === 0 ? 1 : spread;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
