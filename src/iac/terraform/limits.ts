import type { Budget } from './evaluate.ts';

/** What one configuration may stand for, its modules included. Two lines of a hostile configuration can otherwise mean a billion resources. */
export interface Limits {
  readonly budget: Budget;
  instances: number;
}

export const MAX_INSTANCES = 20_000;
/** Instances of one resource; of more it is judged once, as if their number were not known. */
export const MAX_REPEATS = 1000;
export const MAX_MODULE_DEPTH = 20;
const MAX_STEPS = 5_000_000;

/** A configuration stands for more than can be judged. */
export class TooMuch extends Error {}

export function createLimits(): Limits {
  return { budget: { steps: MAX_STEPS, depth: 0 }, instances: 0 };
}

/** @throws {TooMuch} */
export function countInstance(limits: Limits): void {
  limits.instances += 1;
  if (limits.instances > MAX_INSTANCES) throw new TooMuch(`it stands for more than ${MAX_INSTANCES} resources`);
}
