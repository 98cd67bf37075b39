import { describe, expect, test } from '@jest/globals';
import { command } from '#commands/connections.ts';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { UsageError, type Answer } from '#src/model/command.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { Services } from '#src/model/services.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { servicesWith } from '#test/build/queue.ts';

const EVE: Caller = { userId: 'U0EVE00001', name: 'Eve', teamId: 'T1', channelId: 'C1', via: 'command' };

/** What somebody is shown who may see the cluster `dev` alone. */
function shown(settings: readonly ConnectionSettings[], ...words: readonly string[]): Promise<Answer> {
  return shownOf([aConnection({ id: 'c1', state: 'pending', key: { cluster: 'dev' } }), aConnection({ id: 'c2', key: { cluster: 'prod-eu', remote: { kind: 'name', name: 'secret.example' } } })], settings, ...words);
}

async function shownOf(found: readonly Connection[], settings: readonly ConnectionSettings[], ...words: readonly string[]): Promise<Answer> {
  const services = servicesWith({
    zone: 'UTC',
    connections: connectionsOf(found, { settings }),
    clusters: { all: () => [{ name: 'dev' }, { name: 'prod-eu' }] } as unknown as Services['clusters'],
    access: { may: (_caller: Caller, _role: string, cluster: string) => Promise.resolve(cluster === 'dev' ? { allowed: true } : { allowed: false, reason: 'no viewer' }) } as unknown as Services['access'],
  });
  return command.run(parseArguments(command, words), EVE, services);
}

describe('commands/connections.ts', () => {
  test('connections are shown to whoever may see their cluster', async () => {
    const text = JSON.stringify(await shown([connectionSettings({ cluster: 'dev' }), connectionSettings()]));

    expect(text).toContain('api.stripe.com');
    expect(text).not.toContain('secret.example');
  });

  test('what waits for people comes first, the latest before others, and no more is read than is shown', async () => {
    const found = [
      ...Array.from({ length: 20 }, (_, index) => aConnection({ id: `a${index}`, state: 'approved', lastSeen: `2026-11-24T09:${10 + index}:00.000Z`, key: { cluster: 'dev', port: 8000 + index } })),
      aConnection({ id: 'd1', state: 'denied', key: { cluster: 'dev', port: 7001 } }),
      aConnection({ id: 'p1', state: 'pending', key: { cluster: 'dev', port: 7000 } }),
      aConnection({ id: 'o1', state: 'new', key: { cluster: 'dev', port: 7002, workload: { namespace: 'ops', kind: 'Job', name: 'backup' } } }),
    ];
    const text = JSON.stringify(await shownOf(found, [connectionSettings({ cluster: 'dev' })]));
    const ports = [...text.matchAll(/api\.stripe\.com:(\d+)/g)].map(([, port]) => Number(port));

    expect(ports).toEqual([7000, 7002, 7001, ...Array.from({ length: 12 }, (_, index) => 8019 - index)]);
    expect(text).toContain('dev: 23 connections with the outside');
    expect(text).toContain('and 8 more');
    expect(text).toContain('2 waiting for a decision');
    expect(JSON.stringify(await shownOf(found, [connectionSettings({ cluster: 'dev' })], '-n', 'ops'))).toContain('dev: 1 connection with the outside');
    expect(JSON.stringify(await shownOf(found, [connectionSettings({ cluster: 'dev' })], '--state', 'denied'))).toContain('dev: 1 connection with the outside');
  });

  test('of what only a profile tells of it says so, and neither how often nor when', async () => {
    const text = JSON.stringify(await shownOf([aConnection({ key: { cluster: 'dev' }, count: 7, sources: ['kubescape'], outcome: 'attempted', lastSeen: '2026-11-24T09:10:00.000Z' })], [connectionSettings({ cluster: 'dev' })]));

    expect(text).toContain('made or only attempted, from a profile, seen at an unknown time before 2026-11-24 09:10 UTC');
    expect(text).not.toMatch(/7 ×|last seen/);
    expect(JSON.stringify(await shownOf([aConnection({ key: { cluster: 'dev' }, count: 7, sources: ['kubescape', 'hubble'], lastSeen: '2026-11-24T09:10:00.000Z' })], [connectionSettings({ cluster: 'dev' })]))).toContain('7 ×, last seen 2026-11-24 09:10 UTC');
  });

  test('whoever may see none of the watched clusters is not told that none is watched', async () => {
    await expect(shown([connectionSettings()])).rejects.toThrow(new UsageError('There is no cluster with watched connections that you could look at.'));
  });

  test('where none is watched it says how that is done', async () => {
    expect(JSON.stringify(await shown([]))).toContain('The connections of no cluster are watched');
  });
});
