import { describe, expect, test } from '@jest/globals';
import { availableOf, type Available } from '#src/enforcement/available.ts';
import type { RawObject } from '#src/model/raw.ts';

describe('src/enforcement/available.ts', () => {
  test.each<readonly [string, RawObject, Available | undefined]>([
    ['Deployment', { spec: { replicas: 3 }, status: { availableReplicas: 2 } }, { pods: 2, wanted: 3 }],
    ['StatefulSet', { spec: { replicas: 3 }, status: {} }, { pods: 0, wanted: 3 }],
    ['Deployment', { spec: {}, status: { availableReplicas: 1 } }, { pods: 1, wanted: 1 }],
    ['DaemonSet', { spec: {}, status: { numberAvailable: 4, desiredNumberScheduled: 5 } }, { pods: 4, wanted: 5 }],
    ['CronJob', { spec: {}, status: {} }, undefined],
  ])('a %s with %j', (kind, object, available) => {
    expect(availableOf(kind, object)).toEqual(available);
  });
});
