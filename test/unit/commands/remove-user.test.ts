import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { AccessKept } from '#src/people/rulings.ts';
import { command } from '#commands/remove-user.ts';
import { accessSettings, aKnownPerson, clustersOf } from '#test/build/access.ts';
import { aRuling } from '#test/build/rulings.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const BO: Caller = { userId: 'U0BO000001', name: 'Bo', teamId: 'T1', channelId: 'C1', via: 'command' };

const VIEW = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { namespace: 'shop', name: 'view' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob@corp.example' }],
};

/** What is answered where the request cannot be made; Bob's access is kept by approvers. */
async function answered(error: Error, ...words: readonly string[]): Promise<string> {
  const services = {
    approvals: { ask: () => Promise.reject(error) },
    people: { all: () => Promise.resolve([{ ...aKnownPerson('bob', { state: 'departed' }), rulings: [aRuling()] }]) },
    accessSettings: accessSettings(),
    clusters: clustersOf({ prod: [VIEW] }),
    access: { may: () => Promise.resolve({ allowed: true }) },
    clock: createMovedClock(),
    zone: 'UTC',
  } as unknown as Services;
  return JSON.stringify((await command.run(parseArguments(command, words), BO, services)).message);
}

describe('commands/remove-user.ts', () => {
  test('for what approvers keep tells how the same is asked for all the same', async () => {
    const shown = await answered(new AccessKept('The access of Bob is kept.'), 'bob@corp.example', '--cluster', 'prod', '--only', 'shop/view');

    expect(shown).toContain('`/k8ssec remove-user bob@corp.example --cluster prod --only shop/view --reason asked`');
  });

  test('for what cannot be proposed for another reason tells where to look, also of somebody whose access is kept', async () => {
    expect(await answered(new NothingToPropose('Nothing can be taken away.'), 'bob@corp.example')).toContain('`/k8ssec access of bob@corp.example`');
  });
});
