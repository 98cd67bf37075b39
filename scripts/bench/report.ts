import { availableParallelism, cpus, loadavg } from 'node:os';
import { isMet, type BenchOptions, type BenchReport, type Outcome } from './harness.ts';

/** Where and how it was measured; without it figures say nothing. */
export interface Environment {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly loadAverage: number;
  readonly seed: number;
  readonly size: BenchOptions['size'];
  readonly pairs: number;
}

export function environmentOf({ seed, size, pairs }: BenchOptions): Environment {
  return { node: process.version, cpu: cpuName(), cores: availableParallelism(), loadAverage: loadavg()[0] ?? 0, seed, size, pairs };
}

/** Node names no processor on some machines. */
function cpuName(): string {
  const model = cpus()[0]?.model.trim() ?? '';
  return model === '' ? 'unknown processor' : model;
}

/** One line per target, then the environment, then what carries no verdict. */
export function reportText({ targets, figures }: BenchReport, environment: Environment): string {
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const ids = width(targets.map(({ id }) => id));
  const lines = targets.map((outcome) => `${outcome.id.padEnd(ids)}  ${valueText(outcome).padStart(9)}  ≤ ${limitText(outcome).padEnd(12)}  ${isMet(outcome) ? 'met   ' : 'MISSED'}  ${outcome.says}${spreadText(outcome)}`);
  const { node, cpu, cores, loadAverage, seed, size, pairs } = environment;
  const where = `Node ${node}, ${cpu}, ${cores} cores, load average ${shortNumber(loadAverage)}; size ${size}, ${pairs} pairs, seed ${seed}`;
  const names = width(figures.map(({ name }) => name));
  return [...lines, '', where, '', ...figures.map(({ name, value, unit }) => `${name.padEnd(names)}  ${shortNumber(value).padStart(9)} ${unit}`), ''].join('\n');
}

function valueText({ value }: Outcome): string {
  return shortNumber(value);
}

function limitText({ atMost, unit }: Outcome): string {
  return unit === undefined ? String(atMost) : `${atMost} ${unit}`;
}

function spreadText({ spread }: Outcome): string {
  return spread === undefined ? '' : ` (pairs: min ${shortNumber(spread.min)}, median ${shortNumber(spread.median)})`;
}

/** Three digits that count; whole numbers and large ones as they are. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? String(Math.round(value)) : value.toPrecision(3);
}
