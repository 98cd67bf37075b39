import { describe, expect, test } from '@jest/globals';
import { changeBy, changeByUnblocking, followConnections } from '#src/app/follow-connections.ts';
import type { AllowEntry } from '#src/model/connection.ts';
import type { QueuedJob } from '#src/model/job.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { aRequest } from '#test/build/request.ts';

const AT = '2026-11-24T10:00:00.000Z';
const BO = { person: 'U0BO', name: 'Bo' };

function about(state: ApprovalRequest['state'], given: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return { ...aRequest(), id: 'r1', kind: 'first-connection', subject: { cluster: 'prod-eu', connections: ['c1'] }, clusters: ['prod-eu'], namespaces: ['shop'], state, createdAt: AT, journal: [{ at: AT, by: BO, what: 'asked', planHash: '' }], ...given };
}

function world(connections = [aConnection()], mode: 'observe' | 'enforce' = 'observe') {
  const store = connectionsOf(connections);
  const entries = new Map<string, AllowEntry>();
  const queued: QueuedJob[] = [];
  const needs = {
    store: { ...store, allowEntries: () => Promise.resolve([...entries.values()]), addAllowEntry: (entry: AllowEntry) => Promise.resolve(void entries.set(entry.id, entry)), endAllowEntry: (id: string) => Promise.resolve(entries.delete(id)) },
    settings: () => connectionSettings({ mode }),
    queue: { add: (job: unknown) => Promise.resolve(void queued.push(job as QueuedJob)) },
  };
  return { store, entries, queued, follow: (request: ApprovalRequest) => followConnections(request, needs) };
}

describe('src/app/follow-connections', () => {
  test('a connection stands as the request about it stands', async () => {
    const { store, follow } = world();
    const decision = { verdict: 'approved', by: BO, at: AT, reason: 'payment provider' } as const;

    await follow(about('pending'));
    expect(store.kept.get('c1')).toMatchObject({ state: 'pending', request: 'r1' });
    await follow(about('applied', { decision, endsAt: '2026-11-25T10:00:00.000Z' }));
    expect(store.kept.get('c1')).toMatchObject({ state: 'approved', decision: { by: 'Bo', reason: 'payment provider', until: '2026-11-25T10:00:00.000Z' } });
  });

  test.each([
    ['denied', { state: 'denied' }],
    ['expired', { state: 'expired', notBefore: '2026-12-01T10:00:00.000Z' }],
    ['canceled', { state: 'new' }],
    ['void', { state: 'new' }],
    ['reverted', { state: 'expired', notBefore: AT }],
  ] as const)('a request that is %s', async (state, expected) => {
    const { store, follow } = world([aConnection({ state: 'pending', request: 'r1' })]);
    await follow(about(state));
    expect(store.kept.get('c1')).toMatchObject(expected);
  });

  test('a repeat changes nothing', async () => {
    const { store, follow } = world([aConnection({ state: 'pending', request: 'r1' })]);
    await follow(about('expired'));
    const before = store.kept.get('c1');
    await follow(about('expired'));
    expect(store.kept.get('c1')).toBe(before);
  });

  test('what an older request says does not undo what a newer one decided', () => {
    const connection = aConnection({ state: 'approved', request: 'r2' });
    expect(changeBy(connection, about('denied'))).toBeUndefined();
    expect(changeBy(connection, about('pending'))).toBeUndefined();
  });

  test('a denial is followed by the question whether to block it, but only where the cluster is not just watched', async () => {
    const [observed, enforced] = [world([aConnection({ state: 'pending', request: 'r1' })]), world([aConnection({ state: 'pending', request: 'r1' })], 'enforce')];
    const denied = about('denied', { decision: { verdict: 'denied', by: BO, at: AT, reason: 'nobody knows it' }, channel: 'C1' });
    await observed.follow(denied);
    await enforced.follow(denied);
    expect(observed.queued).toEqual([]);
    expect(enforced.queued).toMatchObject([{ id: 'block-denied-r1', payload: { cluster: 'prod-eu', connections: ['c1'], reason: 'nobody knows it', by: 'Bo', request: 'r1' } }]);
  });

  describe('a block that was taken back', () => {
    const UNDONE_AT = '2026-11-24T12:00:00.000Z';
    const REVERTED_AT = '2026-11-24T12:00:03.000Z';
    const denied = (at = AT) => aConnection({ state: 'denied', request: 'r1', decision: { by: 'Bo', at } });
    const block = (given: Partial<ApprovalRequest> = {}) =>
      about('reverted', {
        id: 'r2',
        kind: 'block-connection',
        subject: { cluster: 'prod-eu', connections: ['c1'], reason: 'denied by Bo: nobody knows it' },
        revert: { by: BO, at: UNDONE_AT },
        journal: [{ at: UNDONE_AT, by: BO, what: 'undo-asked', planHash: '' }, { at: REVERTED_AT, by: { name: 'job' }, what: 'reverted', planHash: '' }],
        ...given,
      });

    test('by a person, ends the denial: it is asked about again when it is seen after that', async () => {
      const { store, follow } = world([denied(), aConnection({ id: 'other', state: 'denied', request: 'r1' })]);

      await follow(block());

      expect(store.kept.get('c1')).toMatchObject({ state: 'expired', request: 'r2', notBefore: REVERTED_AT });
      expect(store.kept.get('other')).toMatchObject({ state: 'denied' });
    });

    test('by a person, is not undone by a later look at the denial, and a repeat changes nothing', async () => {
      const { store, follow } = world([denied()]);
      await follow(block());
      const before = store.kept.get('c1');

      await follow(about('denied', { decision: { verdict: 'denied', by: BO, at: AT } }));
      await follow(block());

      expect(store.kept.get('c1')).toBe(before);
    });

    test.each<readonly [string, Partial<ApprovalRequest>]>([
      ['because it did harm', { revert: { by: { name: 'job' }, at: UNDONE_AT, reason: '212 drops' } }],
      ['not wholly', { state: 'revert-failed' }],
      ['not yet', { state: 'reverting' }],
      ['not at all', { state: 'applied' }],
    ])('%s, leaves the denial as it is', (_, given) => {
      expect(changeByUnblocking(denied(), block(given))).toBeUndefined();
    });

    test.each(['approved', 'pending', 'new', 'expired'] as const)('says nothing about a connection that is %s by now', (state) => {
      expect(changeByUnblocking({ ...denied(), state }, block())).toBeUndefined();
    });

    test('says nothing about a newer denial', () => {
      expect(changeByUnblocking(denied('2026-11-24T13:00:00.000Z'), block())).toBeUndefined();
    });
  });

  test('an entry of the allowlist lives as long as its request is in effect', async () => {
    const { entries, follow } = world();
    const subject = { cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', owner: 'Ann', reason: 'payment provider', lastsMs: 3600_000 };
    const request = about('applied', { kind: 'allow-remote', subject, decision: { verdict: 'approved', by: BO, at: AT }, endsAt: '2026-11-24T11:00:00.000Z' });

    await follow(request);
    expect([...entries.values()]).toEqual([{ id: 'r1', cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', owner: 'Ann', reason: 'payment provider', since: AT, until: '2026-11-24T11:00:00.000Z' }]);
    await follow({ ...request, state: 'reverted' });
    expect(entries.size).toBe(0);
  });
});
