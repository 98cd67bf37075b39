import { describe, expect, test } from '@jest/globals';
import { parseRoute, routeHash, type RouteView } from '#src/sandbox/web/client/route.ts';

describe('src/sandbox/web/client/route.ts', () => {
  test.each<readonly [hash: string, view: RouteView]>([
    ['#/ann/channel/sec-prod', { kind: 'channel', name: 'sec-prod' }],
    ['#/ann/channel/sec-prod/1764.0001', { kind: 'channel', name: 'sec-prod', thread: '1764.0001' }],
    ['#/ann/app/messages', { kind: 'messages' }],
    ['#/ann/app/messages/1764.0001', { kind: 'messages', thread: '1764.0001' }],
    ['#/ann/app/home', { kind: 'home' }],
  ])('reads and writes %s', (hash, view) => {
    expect(parseRoute(hash)).toEqual({ person: 'ann', view });
    expect(routeHash('ann', view)).toBe(hash);
  });

  test.each([
    ['', {}],
    ['#', {}],
    ['#/', {}],
    ['#/ann', { person: 'ann' }],
    ['#/ann/nowhere', { person: 'ann' }],
    ['#/%E0%A4%A', { person: '%E0%A4%A' }],
  ])('makes the best of %j', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});
