import { describe, expect, test } from '@jest/globals';
import { parseFlow } from '#src/events/sources/flows/parse.ts';

const CONNECTION = {
  id: 'c-1',
  time: '2026-08-21T11:14:03+02:00',
  source: { namespace: 'shop', pod: 'web-1', workload: { kind: 'Deployment', name: 'web' }, address: '10.0.0.7' },
  destination: { address: '203.0.113.9', port: 443, names: ['API.Example.'] },
  protocol: 'tcp',
  verdict: 'forwarded',
  bytes: 1200,
};

describe('src/events/sources/flows/parse.ts', () => {
  test('a connection in our form says everything that a flow has', () => {
    expect(parseFlow(CONNECTION)).toEqual({
      event: {
        seenBy: 'flows',
        id: 'c-1',
        timeMs: Date.UTC(2026, 7, 21, 9, 14, 3),
        verdict: 'forwarded',
        source: { pod: { namespace: 'shop', name: 'web-1' }, workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, address: '10.0.0.7', outside: false, names: [] },
        destination: { address: '203.0.113.9', port: 443, outside: true, names: ['api.example'] },
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
    ['a private address may be of the cluster', { destination: { address: '10.9.0.1' } }, { destination: { outside: undefined } }],
    ['a sender may know better', { destination: { address: '10.9.0.1', outside: true } }, { destination: { outside: true } }],
    ['what was dropped was only tried, and a policy did it', { verdict: 'dropped' }, { verdict: 'dropped', attempt: true, droppedByPolicy: true }],
    ['what says nothing of its verdict leaves it open', { verdict: undefined }, { verdict: 'other', attempt: undefined }],
    ['a name alone will do', { destination: { names: ['api.example'] } }, { destination: { address: undefined, names: ['api.example'] } }],
  ])('%s', (_name, changes, expected) => {
    expect(parseFlow({ ...CONNECTION, ...changes })).toMatchObject({ event: expected });
  });

  test.each<[string, unknown, string]>([
    ['a field that is not known', { ...CONNECTION, secret: 'x' }, 'the connection: '],
    ['a time without a zone', { ...CONNECTION, time: '2026-08-21 11:14:03' }, 'time: '],
    ['a port that is none', { ...CONNECTION, destination: { address: '203.0.113.9', port: 70_000 } }, 'destination.port: '],
    ['an address that is none', { ...CONNECTION, destination: { address: 'api.example' } }, 'destination.address: '],
    ['an end that is nowhere', { ...CONNECTION, destination: { port: 443 } }, 'destination: has no address'],
    ['a pod without a namespace', { ...CONNECTION, source: { pod: 'web-1' } }, 'source: has a pod or workload without its namespace'],
    ['a text', 'x', 'the connection: '],
  ])('%s is refused with its place', (_name, value, problem) => {
    expect(parseFlow(value)).toEqual({ malformed: expect.stringContaining(problem) });
  });
});
