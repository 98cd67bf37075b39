import { describe, expect, test } from '@jest/globals';
import { kind } from '#src/approvals/kinds/first-connection.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';

const signal = new AbortController().signal;

function propose(found: readonly Connection[], settings: Partial<ConnectionSettings> = {}, ids = found.map(({ id }) => id)) {
  const world = { connections: connectionsOf(found, { settings: [connectionSettings(settings)] }) } as unknown as ProposalWorld;
  return kind.propose({ cluster: 'prod-eu', connections: ids }, world, signal);
}

describe('src/approvals/kinds/first-connection', () => {
  test('says what connects where, since when, how often, and who else talks to it', async () => {
    const other = aConnection({ id: 'c2', key: { workload: { namespace: 'shop', kind: 'Deployment', name: 'invoices' } } });
    const { card, plan } = await propose([aConnection({ bytes: 12_345 }), other], {}, ['c1']);

    expect(card).toMatchObject({ header: 'New external connection', ask: 'First connection from prod-eu shop/checkout → api.stripe.com:443 (connected)', approve: 'Approve', now: 'Now: allowed and watched. Approving changes nothing in the cluster.' });
    expect(Object.fromEntries(card.facts)).toMatchObject({ Workload: 'shop/checkout (Deployment)', Seen: '3 × since 2026-11-24 09:14 UTC, connected', Bytes: '12,345', Addresses: '203.0.113.7', 'Others that talk to it': 'shop/invoices', 'Seen by': 'hubble' });
    expect(plan.changes).toEqual([]);
  });

  test('forty destinations of a new workload are one request', async () => {
    const found = Array.from({ length: 40 }, (_, index) => aConnection({ id: `c${index}`, key: { remote: { kind: 'name', name: `d${index}.example.com` } } }));
    const { card } = await propose(found);
    expect(card).toMatchObject({ ask: '40 destinations outside of prod-eu shop/checkout (Deployment)', approve: 'Approve all', instead: [{ label: 'Review one by one', command: 'connections' }] });
    expect(card.items).toHaveLength(40);
  });

  test('what comes in is told from what goes out', async () => {
    const { card } = await propose([aConnection({ key: { direction: 'ingress', remote: { kind: 'address', address: '2001:db8::1' }, port: 8443 } })]);
    expect(card).toMatchObject({ header: 'New connection from outside', ask: 'First connection into prod-eu 2001:db8::1 → shop/checkout:8443 (connected)' });
  });

  test.each([
    ['observe', 'Not enforced here (mode observe): its owner has to stop it.'],
    ['enforce', 'A request to block it in the cluster follows.'],
  ] as const)('says what a denial would mean in mode %s', async (mode, denied) => {
    expect((await propose([aConnection()], { mode })).card.meaning?.denied).toBe(denied);
  });

  test('a connection that the network drops already is said to be blocked', async () => {
    const { card } = await propose([aConnection({ outcome: 'dropped' })]);
    expect(card).toMatchObject({ now: 'Now: blocked by the network already. Approving changes nothing in the cluster.', meaning: { denied: 'The network blocks it already; nothing was changed.' } });
  });

  test('the plan stays the same while the connection goes on', async () => {
    const [before, after] = [await propose([aConnection()]), await propose([aConnection({ count: 99, state: 'approved', version: 3 })])];
    expect(after.plan).toEqual(before.plan);
  });

  test('nothing is asked about what is not known', async () => {
    await expect(propose([], {}, ['c9'])).rejects.toThrow(NothingToPropose);
  });
});
