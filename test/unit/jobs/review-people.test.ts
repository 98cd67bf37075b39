import { describe, expect, test } from '@jest/globals';
import { NOTHING_WATCHED } from '#src/model/activity.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { job } from '#jobs/review-people.ts';
import { accessSettings, aKnownPerson, clustersOf, NOW } from '#test/build/access.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aRequest } from '#test/build/request.ts';
import { binding, role } from '#test/build/rbac.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const RUN = { signal: new AbortController().signal, attempt: 1, last: false };
const LEFT = aKnownPerson('bob', { state: 'departed' });
const STAYS = aKnownPerson('ann');
const OBJECTS = [role('view', ['get pods']), ...['bob', 'ann'].map((who) => binding(`see-${who}`, 'ClusterRole/view', [`User/${who}@corp.example`], 'shop'))];

interface World {
  readonly clusters?: Readonly<Record<string, readonly RawObject[] | string>>;
  readonly people?: readonly KnownPerson[];
  readonly refuses?: boolean;
}

function reviewed({ clusters = { prod: OBJECTS, dev: OBJECTS }, people = [LEFT, STAYS], refuses = false }: World = {}) {
  const asked: unknown[] = [];
  const synced: unknown[] = [];
  const log = createKeptLog();
  const services = servicesWith(
    {
      clock: { now: () => NOW },
      clusters: clustersOf(clusters),
      accessSettings: accessSettings(),
      activity: NOTHING_WATCHED,
      people: { isConfigured: true, all: () => Promise.resolve(people), health: () => Promise.resolve([]), sync: (_, which) => Promise.resolve(void synced.push(which)).then(() => [{ source: 'okta', ok: false, text: 'okta: refused', departed: 0 }]) },
      approvals: {
        ...createFakeApprovals(),
        ask: (kind, subject, opening) => {
          asked.push({ kind, subject, opening });
          return refuses ? Promise.reject(new NothingToPropose('No channel.')) : Promise.resolve({ request: aRequest(), joined: false });
        },
      },
    },
    log,
  );
  return { asked, synced, log, run: (payload: { readonly source?: string } = {}) => job.run(payload, services, RUN) };
}

describe('jobs/review-people.ts', () => {
  test('asks the sources, then for the removal of who has left: one request over all clusters', async () => {
    const { asked, synced, log, run } = reviewed();
    await run();

    expect(synced).toEqual([undefined]);
    expect(asked).toEqual([{ kind: 'remove-user', subject: { person: 'okta/bob', clusters: ['dev', 'prod'], reason: 'departed' }, opening: { requester: { name: 'k8ssec' } } }]);
    expect(JSON.stringify(log)).toContain('okta: refused');
  });

  test('asks one source alone after news from it', async () => {
    const { synced, run } = reviewed();
    await run({ source: 'slack' });

    expect(synced).toEqual([{ source: 'slack' }]);
  });

  test('asks for nothing while everybody is there, and nothing for who is only doubtful', async () => {
    const { asked, run } = reviewed({ people: [STAYS, aKnownPerson('bob', { state: 'conflict' })] });
    await run();

    expect(asked).toEqual([]);
  });

  test('looks again when a cluster did not answer, after having asked about the others', async () => {
    const { asked, run } = reviewed({ clusters: { away: 'the API server refuses connections', prod: OBJECTS } });

    await expect(run()).rejects.toThrow('Could not look at away: the API server refuses connections.');
    expect(asked).toHaveLength(1);
  });

  test('goes on when a removal cannot be proposed, and says why', async () => {
    const { log, run } = reviewed({ refuses: true });
    await run();

    expect(JSON.stringify(log)).toContain('No channel.');
  });
});
