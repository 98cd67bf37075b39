import { describe, expect, test } from '@jest/globals';
import { newWatch, watchStep, type Sight, type Watch } from '#src/enforcement/watch.ts';
import type { Observed } from '#src/model/request.ts';

const START = { appliedAt: '2026-11-25T09:14:00.000Z', expect: 'dropped', expected: 0, dropsBefore: 0, availableBefore: 3 } as const;

function at(minute: number): string {
  return new Date(Date.parse(START.appliedAt) + minute * 60_000).toISOString();
}

function flow(minute: number, given: Partial<Extract<Sight, { readonly type: 'flow' }>> = {}): Sight {
  return { type: 'flow', at: at(minute), isSubject: false, verdict: 'dropped', policy: true, remote: 'api.example.com:443', count: 1, ...given };
}

function played(sights: readonly Sight[], given: Partial<Watch> = {}): { readonly watch: Watch; readonly said: readonly Observed[] } {
  let watch = newWatch({ ...START, ...given });
  const said: Observed[] = [];
  for (const sight of sights) {
    const next = watchStep(watch, sight);
    watch = next.watch;
    if (next.observed !== undefined) said.push(next.observed);
  }
  return { watch, said };
}

describe('src/enforcement/watch.ts', () => {
  test('a drop of the connection by policy proves that it is blocked, and is said once', () => {
    expect(played([flow(1, { isSubject: true }), flow(2, { isSubject: true })]).said).toEqual([{ state: 'proven', at: at(1), text: 'drops seen' }]);
  });

  test('traffic that passes proves that it is allowed', () => {
    expect(played([flow(1, { isSubject: true, verdict: 'forwarded', policy: false })], { expect: 'forwarded' }).said).toEqual([{ state: 'proven', at: at(1), text: 'traffic passes' }]);
  });

  test.each<[string, Sight]>([
    ['a drop before the change', flow(-1, { isSubject: true })],
    ['a drop for another reason than a policy', flow(1, { isSubject: true, policy: false })],
    ['traffic that passes', flow(1, { isSubject: true, verdict: 'forwarded' })],
    ['a drop of another connection', flow(1)],
  ])('%s proves nothing', (_, sight) => {
    expect(played([sight]).said).toEqual([]);
  });

  test('without traffic it is not proven, and nothing is said of that before the time is over', () => {
    expect(played([{ type: 'time', at: at(10) }]).said).toEqual([]);
    expect(played([{ type: 'time', at: at(10.1) }, flow(11, { isSubject: true })]).said).toEqual([{ state: 'unproven', at: at(10.1), text: 'no traffic was seen in 10 minutes' }]);
  });

  test('a drop of what is not to go on proves that the rest is closed, however often it is dropped', () => {
    const drops = Array.from({ length: 40 }, (_, index) => flow(1 + index / 10, { isSubject: true }));

    expect(played([flow(1, { isSubject: true, verdict: 'forwarded', policy: false }), ...drops], { expect: 'closed' }).said).toEqual([{ state: 'proven', at: at(1), text: 'drops seen' }]);
  });

  describe('what is to be gone', () => {
    const GONE = { expect: 'gone', expected: 8 } as const;
    const passing = (minute: number): Sight => flow(minute, { isSubject: true, verdict: 'forwarded', policy: false });
    const alive = (minute: number): Sight => flow(minute, { verdict: 'forwarded', policy: false });

    test('may come in until the load balancer has followed, and its silence from then on is proof', () => {
      expect(played([passing(1), passing(5), alive(6), alive(8.9), alive(9)], GONE).said).toEqual([{ state: 'proven', at: at(9), text: 'not seen for 4 minutes, and before about 8 times in as long' }]);
    });

    test('is not gone when it comes in later', () => {
      expect(played([passing(5.5), alive(9)], GONE).said).toEqual([{ state: 'unproven', at: at(5.5), text: 'it still came in 5 minutes after the change: the load balancer does not act on source ranges, or lets it in by one that stays' }]);
    });

    test('is proven by a drop as well', () => {
      expect(played([flow(2, { isSubject: true })], GONE).said).toEqual([{ state: 'proven', at: at(2), text: 'drops seen' }]);
    });

    test('is not proven by the silence of what came seldom before', () => {
      expect(played([alive(9.5), alive(10.1)], { ...GONE, expected: 4.9 }).said).toEqual([{ state: 'unproven', at: at(10.1), text: 'no traffic has shown it in 10 minutes' }]);
    });

    test('is taken back all the same when it harms the workload', () => {
      expect(played([{ type: 'available', at: at(9.5), pods: 1, wanted: 3 }], GONE).said).toMatchObject([{ state: 'rolled-back' }]);
    });
  });

  test.each<[number, number, boolean]>([
    [0, 10, false],
    [0, 11, true],
    [2, 10, false],
    [2, 11, true],
    [3, 15, false],
    [3, 16, true],
  ])('with %i drops in the hour before, %i drops of others taken back: %s', (dropsBefore, count, isBack) => {
    const { said } = played([flow(1, { count })], { dropsBefore });

    expect(said).toEqual(isBack ? [{ state: 'rolled-back', at: at(1), text: `${count} drops to api.example.com:443 after the change` }] : []);
  });

  test('counts drops over several sights and names where they led', () => {
    const sights = ['a:1', 'b:2', 'c:3', 'd:4'].map((remote, index) => flow(index, { remote, count: 3 }));

    expect(played(sights).said).toEqual([{ state: 'rolled-back', at: at(3), text: '12 drops to a:1, b:2, c:3 and 1 more after the change' }]);
  });

  test('what is proven is still taken back when it does harm, but not after the time is over', () => {
    const proof = flow(1, { isSubject: true });

    expect(played([proof, flow(9, { count: 11 })]).said.map(({ state }) => state)).toEqual(['proven', 'rolled-back']);
    expect(played([proof, flow(11, { count: 11 })]).said.map(({ state }) => state)).toEqual(['proven']);
  });

  test.each<[string, number | undefined, number, boolean]>([
    ['fewer pods are available', 3, 2, true],
    ['as many pods are available', 3, 3, false],
    ['nobody could tell how many were', undefined, 0, false],
  ])('when %s', (_, availableBefore, pods, isBack) => {
    const { said } = played([{ type: 'available', at: at(2), pods, wanted: 3 }], { availableBefore });

    expect(said).toEqual(isBack ? [{ state: 'rolled-back', at: at(2), text: '2 of its pods are available after the change, and 3 were before' }] : []);
  });

  test('says nothing more when it was taken back', () => {
    expect(played([flow(1, { count: 11 }), flow(2, { count: 11 }), { type: 'time', at: at(20) }]).said).toHaveLength(1);
  });
});
