import { describe, expect, test } from '@jest/globals';
import { createLearning } from '#src/connections/learning.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';

const HOUR_MS = 3600_000;

/** Remembers in memory what the store remembers in Redis. */
function begin(most: number) {
  const since = new Map<string, number>();
  const asked: string[][] = [];
  let seenMs = 0;
  const learning = createLearning(
    { cluster: 'prod', learnMs: HOUR_MS },
    {
      seenUntil: () => Promise.resolve(seenMs),
      begin(_, workloads) {
        asked.push(workloads.map(({ name }) => name));
        for (const workload of workloads) if (!since.has(workloadKey(workload))) since.set(workloadKey(workload), seenMs);
        return Promise.resolve(workloads.map((workload) => since.get(workloadKey(workload)) ?? seenMs));
      },
      endLearning(_, workloads) {
        for (const workload of workloads) since.set(workloadKey(workload), -Infinity);
        return Promise.resolve();
      },
    },
    most,
  );
  const pass = async (ms: number): Promise<void> => {
    seenMs = ms;
    await learning.pass([], ms);
  };
  return { learning, asked, pass };
}

function named(name: string): ConnectedWorkload {
  return { namespace: 'shop', kind: 'Pod', name };
}

describe('src/connections/learning.ts', () => {
  test('asks once for each workload when it began', async () => {
    const { learning, asked } = begin(10);
    await learning.begin([named('a'), named('b')]);
    await learning.begin([named('b'), named('c')]);

    expect(asked).toEqual([['a', 'b'], ['c']]);
  });

  test('remembers only so many workloads, and what was learned of one that it has forgotten holds', async () => {
    const { learning, asked, pass } = begin(2);
    await learning.begin([named('a'), named('b')]);
    await learning.end([named('b')]);
    await pass(2 * HOUR_MS);
    for (const name of ['c', 'd', 'e', 'f']) await learning.begin([named(name)]);
    expect(learning.isLearning(named('f'))).toBe(true);

    await learning.begin([named('a'), named('b'), named('f')]);

    expect(['a', 'b', 'f'].map((name) => learning.isLearning(named(name)))).toEqual([false, false, true]);
    expect(asked.flat().filter((name) => name === 'a')).toHaveLength(2);
  });
});
