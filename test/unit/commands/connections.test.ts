import { describe, expect, test } from '@jest/globals';
import { command } from '#commands/connections.ts';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { UsageError, type Answer } from '#src/model/command.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { Services } from '#src/model/services.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { servicesWith } from '#test/build/queue.ts';

const EVE: Caller = { userId: 'U0EVE00001', name: 'Eve', teamId: 'T1', channelId: 'C1', via: 'command' };

/** What somebody is shown who may see the cluster `dev` alone. */
async function shown(settings: readonly ConnectionSettings[], ...words: readonly string[]): Promise<Answer> {
  const found = [aConnection({ id: 'c1', state: 'pending', key: { cluster: 'dev' } }), aConnection({ id: 'c2', key: { cluster: 'prod-eu', remote: { kind: 'name', name: 'secret.example' } } })];
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

  test('whoever may see none of the watched clusters is not told that none is watched', async () => {
    await expect(shown([connectionSettings()])).rejects.toThrow(new UsageError('There is no cluster with watched connections that you could look at.'));
  });

  test('where none is watched it says how that is done', async () => {
    expect(JSON.stringify(await shown([]))).toContain('The connections of no cluster are watched');
  });
});
