import { describe, expect, test } from '@jest/globals';
import { createBudget } from '#src/iac/render/budget.ts';
import type { RunLimits } from '#src/iac/render/tool.ts';

const LIMITS = { each: { timeoutMs: 1000, maxBytes: 10 }, all: { timeoutMs: 1500, maxBytes: 15 } };

/** A budget, and runs that each take so long and print so much. */
function budget({ takesMs = 0, prints = '' }: { readonly takesMs?: number; readonly prints?: string }) {
  let nowMs = 0;
  const seen: RunLimits[] = [];
  const { spend } = createBudget(LIMITS, () => nowMs);
  const run = () =>
    spend((limits) => {
      seen.push(limits);
      nowMs += takesMs;
      return Promise.resolve({ output: prints });
    });
  return { run, seen };
}

describe('src/iac/render/budget.ts', () => {
  test('gives a run what is left of the time, and none when nothing is', async () => {
    const { run, seen } = budget({ takesMs: 1000 });

    expect([await run(), await run(), await run()]).toEqual([{ output: '' }, { output: '' }, { reason: 'rendering takes longer than 2 s altogether' }]);
    expect(seen.map(({ timeoutMs }) => timeoutMs)).toEqual([1000, 500]);
  });

  test('gives a run what is left of the output, and none when nothing is', async () => {
    const { run, seen } = budget({ prints: 'größer' });

    expect([await run(), await run(), await run()]).toEqual([{ output: 'größer' }, { output: 'größer' }, { reason: 'what is rendered is more than 15 bytes altogether' }]);
    expect(seen.map(({ maxBytes }) => maxBytes)).toEqual([10, 7]);
  });
});
