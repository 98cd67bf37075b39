import { sizeText, type Outcome, type RunLimits } from './tool.ts';

const MIB = 1024 * 1024;

export interface BudgetLimits {
  /** Of one run. */
  readonly each: RunLimits;
  /** Of all runs together. */
  readonly all: RunLimits;
}

export const BUDGET_LIMITS: BudgetLimits = { each: { timeoutMs: 30_000, maxBytes: 64 * MIB }, all: { timeoutMs: 300_000, maxBytes: 256 * MIB } };

/** What programs may take for everything that is to be rendered. */
export interface Budget {
  readonly spend: (run: (limits: RunLimits) => Promise<Outcome>) => Promise<Outcome>;
}

/** `elapsedMs` counts from any moment, and never back. */
export function createBudget({ each, all }: BudgetLimits = BUDGET_LIMITS, elapsedMs: () => number = () => performance.now()): Budget {
  let timeLeftMs = all.timeoutMs;
  let bytesLeft = all.maxBytes;
  return {
    async spend(run) {
      if (timeLeftMs <= 0) return { reason: `rendering takes longer than ${Math.ceil(all.timeoutMs / 1000)} s altogether` };
      if (bytesLeft <= 0) return { reason: `what is rendered is more than ${sizeText(all.maxBytes)} altogether` };
      const start = elapsedMs();
      const outcome = await run({ timeoutMs: Math.min(each.timeoutMs, timeLeftMs), maxBytes: Math.min(each.maxBytes, bytesLeft) });
      timeLeftMs -= Math.ceil(elapsedMs() - start);
      if ('output' in outcome) bytesLeft -= Buffer.byteLength(outcome.output);
      return outcome;
    },
  };
}
