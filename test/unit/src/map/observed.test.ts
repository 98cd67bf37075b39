import { describe, expect, test } from '@jest/globals';
import type { Connection, ConnectionKey, ConnectionState } from '#src/model/connection.ts';
import { observedCounts, observedLinks } from '#src/map/observed.ts';
import { aConnection } from '#test/build/connections.ts';

const SINCE = new Date('2026-11-22T08:00:00Z');
const KEY: Partial<ConnectionKey> = { direction: 'egress', workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, remote: { kind: 'name', name: 'api.stripe.com' }, port: 443, protocol: 'tcp' };

function seen(state: ConnectionState, key: Partial<ConnectionKey> = {}, firstSeen = '2026-11-20T08:00:00Z'): Connection {
  return aConnection({ key: { ...KEY, ...key }, state, firstSeen, count: 2 });
}

describe('src/map/observed.ts', () => {
  test('names workload, remote, ports and how it stands', () => {
    expect(observedLinks([seen('approved')], SINCE)).toEqual([{ workload: 'shop/web[Deployment]', direction: 'egress', remote: 'api.stripe.com', standing: 'approved', ports: ['TCP/443'], count: 2, isNew: false }]);
  });

  test('takes ports of one remote together, but not what stands otherwise, is new or goes the other way', () => {
    const links = observedLinks(
      [seen('approved'), seen('approved', { port: 53, protocol: 'udp' }), seen('denied', { port: 80 }), seen('approved', { port: 81 }, '2026-11-22T09:00:00Z'), seen('approved', { direction: 'ingress', port: 82 })],
      SINCE,
    );

    expect(links.map(({ standing, isNew, direction, ports, count }) => [standing, isNew, direction, ports.join(), count])).toEqual([
      ['denied', false, 'egress', 'TCP/80', 2],
      ['approved', true, 'egress', 'TCP/81', 2],
      ['approved', false, 'egress', 'TCP/443,UDP/53', 4],
      ['approved', false, 'ingress', 'TCP/82', 2],
    ]);
  });

  test.each<[ConnectionState, readonly string[]]>([
    ['learned', ['learned']],
    ['new', ['pending']],
    ['pending', ['pending']],
    ['approved', ['approved']],
    ['denied', ['denied']],
    ['expired', ['unanswered']],
    ['retired', []],
  ])('shows what is %s as %j', (state, standings) => {
    expect(observedLinks([seen(state)], SINCE).map(({ standing }) => standing)).toEqual(standings);
  });

  test('counts them for people, what matters most first', () => {
    const links = observedLinks([seen('approved'), seen('approved', { remote: { kind: 'address', address: '203.0.113.9' } }), seen('denied', {}, '2026-11-22T09:00:00Z')], SINCE);

    expect(observedCounts(links)).toBe('1 denied, 2 approved; 1 new since yesterday');
  });
});
