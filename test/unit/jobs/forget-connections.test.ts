import { expect, describe, test } from '@jest/globals';
import { job } from '#jobs/forget-connections.ts';
import { aConnection, connectionsOf } from '#test/build/connections.ts';
import { servicesWith } from '#test/build/queue.ts';

const NOW = new Date('2026-11-24T10:00:00.000Z');
const decision = { by: 'Bo', at: '2026-01-01T00:00:00.000Z', reason: 'payment provider' };

describe('jobs/forget-connections.ts', () => {
  test('retires what was approved and not seen for 90 days, and has forgotten what was not seen for twice as long', async () => {
    const connections = connectionsOf([
      aConnection({ id: 'idle', state: 'approved', request: 'r1', decision, lastSeen: '2026-08-26T09:59:59.000Z' }),
      aConnection({ id: 'used', state: 'approved', lastSeen: '2026-08-26T10:00:00.000Z' }),
      aConnection({ id: 'no', state: 'denied', lastSeen: '2026-01-01T00:00:00.000Z' }),
    ]);
    const asked: unknown[] = [];
    const services = servicesWith({ clock: { now: () => NOW }, connections: { ...connections, adopt: (cluster) => (asked.push(['adopt', cluster]), Promise.resolve()), forget: (...given) => (asked.push(given), Promise.resolve(0)) } });
    await job.run({}, services, { signal: new AbortController().signal, attempt: 1, last: true });

    expect(connections.kept.get('idle')).toMatchObject({ state: 'retired', request: 'r1', decision });
    expect([connections.kept.get('used')?.state, connections.kept.get('no')?.state]).toEqual(['approved', 'denied']);
    expect(asked).toEqual([['adopt', 'prod-eu'], ['prod-eu', new Date('2026-05-28T10:00:00.000Z')]]);
  });
});
