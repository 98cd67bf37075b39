import { describe, expect, test } from '@jest/globals';
import { parseCalico } from '#src/events/sources/calico/parse.ts';

const WHISKER = {
  start_time: '2026-08-21T09:14:00Z',
  end_time: '2026-08-21T09:14:15Z',
  action: 'Allow',
  source_name: 'web-7d9f-*',
  source_namespace: 'shop',
  source_labels: 'app=web',
  dest_name: 'pub',
  dest_namespace: '-',
  dest_labels: '-',
  protocol: 'tcp',
  dest_port: 443,
  reporter: 'Src',
  packets_in: 3,
  packets_out: 4,
  bytes_in: 500,
  bytes_out: '700',
};

describe('src/events/sources/calico/parse.ts', () => {
  test('a flow to the Internet says so, and not to whom', () => {
    expect(parseCalico(WHISKER)).toEqual({
      event: {
        seenBy: 'calico',
        id: expect.stringContaining('2026-08-21T09:14:00Z'),
        timeMs: Date.UTC(2026, 7, 21, 9, 14),
        verdict: 'forwarded',
        source: { pod: { namespace: 'shop', name: 'web-7d9f-*' }, outside: false, names: [] },
        destination: { network: 'pub', address: undefined, port: 443, outside: true, names: [] },
        protocol: 'tcp',
        reply: false,
        bytes: 1200,
        connections: 1,
        reset: false,
        droppedByPolicy: false,
      },
    });
  });

  test.each<[string, object, object]>([
    ['a private network may be of the cluster', { dest_name: 'pvt' }, { destination: { network: 'pvt', outside: undefined } }],
    ['a network set of the cluster has a name', { dest_name: 'partners', dest_type: 'NetworkSet' }, { destination: { network: 'partners', pod: undefined } }],
    ['a network set of a namespace is not taken for one of the cluster', { dest_name: 'partners', dest_namespace: 'shop', dest_type: 'NetworkSet' }, { destination: { network: 'shop/partners', pod: undefined } }],
    ['a network set of a namespace is not taken for the Internet', { dest_name: 'pub', dest_namespace: 'shop', dest_type: 'ns' }, { destination: { network: 'shop/pub', outside: undefined } }],
    ['a port may be a text', { dest_port: '443' }, { destination: { port: 443 } }],
    ['a time finer than seconds is none', { start_time: 1787303640000000 }, { timeMs: undefined }],
    ['a host is none of the outside', { dest_name: 'worker-1', dest_type: 'HostEndpoint' }, { destination: { outside: false, network: undefined } }],
    ['what was denied was only tried', { action: 'Deny' }, { verdict: 'dropped', droppedByPolicy: true, attempt: true }],
    ['what comes from outside is told by the destination', { reporter: 'Dst', source_name: 'pub', source_namespace: '-', dest_name: 'web-7d9f-*', dest_namespace: 'shop' }, { source: { outside: true }, destination: { pod: { namespace: 'shop', name: 'web-7d9f-*' } } }],
    ['other editions know address, names and count', { dest_ip: '203.0.113.9', dest_name: '-', dest_name_aggr: 'pub', dest_domains: ['API.Example'], protocol: undefined, proto: 'udp', num_flows_started: 7, start_time: 1787303640 }, { destination: { address: '203.0.113.9', names: ['api.example'], network: 'pub' }, protocol: 'udp', connections: 7, timeMs: Date.UTC(2026, 7, 21, 9, 14) }],
  ])('%s', (_name, changes, expected) => {
    expect(parseCalico({ ...WHISKER, ...changes })).toMatchObject({ event: expected });
  });

  test('a connection between pods counts once, though both ends tell of it', () => {
    expect(parseCalico({ ...WHISKER, reporter: 'Dst', dest_name: 'db-*', dest_namespace: 'shop' })).toEqual({ skipped: 'repeat' });
  });

  test.each([['a text', 'x'], ['another object', { action: 'allow' }], ['a flow without an action', { ...WHISKER, action: undefined }]])('%s is none', (_name, value) => {
    expect(parseCalico(value)).toHaveProperty('malformed');
  });
});
