import { describe, expect, test } from '@jest/globals';
import type { AllowEntry, Connection, Connections, ConnectionSettings } from '#src/model/connection.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { job } from '#jobs/ask-connections.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const NOW = new Date('2026-11-24T10:00:00.000Z');

interface World {
  readonly found: readonly Connection[];
  readonly settings?: Partial<ConnectionSettings>;
  readonly entries?: readonly AllowEntry[];
  readonly learning?: (workload: string) => boolean;
  readonly refuses?: boolean;
  /** Of the pods of each workload. */
  readonly labels?: Readonly<Record<string, string>>;
}

async function asked({ found, settings, entries = [], learning = () => false, refuses = false, labels }: World) {
  const connections = connectionsOf(found, { settings: [connectionSettings(settings)], entries, learning, labels: () => labels });
  const subjects: unknown[] = [];
  const read: string[] = [];
  const reading: Connections = {
    ...connections,
    toAsk(cluster, state, workload, until) {
      read.push(`${state} ${workload.name}`);
      return connections.toAsk(cluster, state, workload, until);
    },
  };
  const log = createKeptLog();
  const approvals = {
    ...createFakeApprovals(),
    ask: (_kind: string, subject: unknown) => {
      subjects.push(subject);
      return refuses ? Promise.reject(new NothingToPropose('No channel.')) : Promise.resolve({ request: aRequest(), joined: false });
    },
  };
  await job.run({ cluster: 'prod-eu' }, servicesWith({ clock: { now: () => NOW }, connections: reading, approvals }, log), { signal: new AbortController().signal, attempt: 1, last: true });
  return { subjects, connections, log, read };
}

function to(id: string, name: string, given: Partial<Connection> = {}): Connection {
  return aConnection({ id, ...given, key: { remote: { kind: 'name', name } } });
}

describe('jobs/ask-connections.ts', () => {
  test('asks once about all that a workload does for the first time, and apart for each workload', async () => {
    const other = aConnection({ id: 'c3', firstSeen: '2026-11-24T09:30:00.000Z', key: { workload: { namespace: 'shop', kind: 'Deployment', name: 'invoices' } } });
    const { subjects } = await asked({ found: [to('c1', 'a.example.com'), to('c2', 'b.example.com'), other] });
    expect(subjects).toEqual([{ cluster: 'prod-eu', connections: ['c1', 'c2'] }, { cluster: 'prod-eu', connections: ['c3'] }]);
  });

  test('waits a moment for what else a workload does', async () => {
    const { subjects } = await asked({ found: [to('c1', 'a.example.com', { firstSeen: '2026-11-24T09:59:55.000Z' })] });
    expect(subjects).toEqual([]);
  });

  test('what was learned is asked about when learning has ended, not before', async () => {
    const learned = [to('c1', 'a.example.com', { state: 'learned' }), to('c2', 'b.example.com', { state: 'learned' })];
    expect((await asked({ found: learned, learning: () => true })).subjects).toEqual([]);
    expect((await asked({ found: learned })).subjects).toEqual([{ cluster: 'prod-eu', connections: ['c1', 'c2'] }]);
  });

  test.each<readonly [string, Readonly<Record<string, string>> | undefined, readonly string[]]>([
    ['bears now', { app: 'checkout', tier: 'back' }, ['approved', 'new']],
    ['does not bear', { app: 'cart' }, ['new', 'new']],
    ['bears as far as nobody can tell', undefined, ['new', 'new']],
  ])('an entry for labels that the workload %s', async (_, labels, states) => {
    const entry: AllowEntry = { id: 'e1', direction: 'egress', remote: 'a.example.com', labels: { app: 'checkout' }, owner: 'Ann', reason: 'x' };
    const { subjects, connections } = await asked({ found: [to('c1', 'a.example.com'), to('c2', 'b.example.com')], entries: [entry], ...(labels && { labels }) });

    expect(['c1', 'c2'].map((id) => connections.kept.get(id)?.state)).toEqual(states);
    expect(subjects).toEqual([{ cluster: 'prod-eu', connections: ['c1', 'c2'].filter((_id, index) => states[index] === 'new') }]);
    expect(connections.kept.get('c1')?.decision?.labels).toEqual(states[0] === 'approved' ? { app: 'checkout' } : undefined);
  });

  test('asks nobody about what the allowlist covers by now', async () => {
    const entry: AllowEntry = { id: 'r9', cluster: 'prod-eu', direction: 'egress', remote: '*.example.com', owner: 'Ann', reason: 'our own' };
    const { subjects, connections } = await asked({ found: [to('c1', 'a.example.com'), to('c2', 'b.example.org')], entries: [entry] });
    expect(subjects).toEqual([{ cluster: 'prod-eu', connections: ['c2'] }]);
    expect(connections.kept.get('c1')).toMatchObject({ state: 'approved', decision: { by: 'Ann', reason: 'our own' } });
  });

  test('lets no more requests wait at once than people can read', async () => {
    const waiting = Array.from({ length: 24 }, (_, index) => to(`p${index}`, 'p.example.com', { state: 'pending', request: `r${index}` }));
    const fresh = Array.from({ length: 3 }, (_, index) => aConnection({ id: `n${index}`, key: { workload: { namespace: 'shop', kind: 'Deployment', name: `app-${index}` } } }));
    const { subjects, read } = await asked({ found: [...waiting, ...fresh] });
    expect(subjects).toHaveLength(1);
    // What nobody can be asked about yet is not read.
    expect(read).toEqual(['learned app-0', 'new app-0']);
  });

  test('asks about all of a workload that is not learned any more, in requests that people can read', async () => {
    const learned = Array.from({ length: 130 }, (_, index) => to(`c${index}`, `${index}.example.com`, { state: index < 10 ? 'new' : 'learned' }));
    const { subjects } = await asked({ found: learned });
    expect(subjects.map((subject) => (subject as { readonly connections: readonly string[] }).connections.length)).toEqual([60, 60, 10]);
    expect(new Set(subjects.flatMap((subject) => (subject as { readonly connections: readonly string[] }).connections)).size).toBe(130);
  });

  test('what is new does not wait for the rest of its workload to be learned, and is asked about apart by direction', async () => {
    const learned = to('c1', 'a.example.com', { state: 'learned' });
    const incoming = aConnection({ id: 'c3', key: { direction: 'ingress', remote: { kind: 'name', name: 'internet' } } });
    const { subjects } = await asked({ found: [learned, to('c2', 'b.example.com'), incoming], learning: () => true });
    expect(subjects).toEqual([{ cluster: 'prod-eu', connections: ['c2'] }, { cluster: 'prod-eu', connections: ['c3'] }]);
  });

  test('a cluster that nobody can be asked about does not stop the others', async () => {
    const { subjects, log } = await asked({ found: [to('c1', 'a.example.com')], refuses: true });
    expect(subjects).toHaveLength(1);
    expect(JSON.stringify(log.lines)).toContain('could not be asked about');
  });

  test('asks nothing about a cluster that is not watched', async () => {
    expect((await asked({ found: [to('c1', 'a.example.com')], settings: { cluster: 'dev' } })).subjects).toEqual([]);
  });
});
