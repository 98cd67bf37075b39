import { describe, expect, test } from '@jest/globals';
import { kind, type AllowRemote } from '#src/approvals/kinds/allow-remote.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const WISH: AllowRemote = { cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', port: 443, owner: 'Ann', reason: 'payment provider' };
const ENTRY: AllowEntry = { ...WISH, id: 'r7k2m9', namespace: 'shop', workload: 'checkout', port: 443 };

function propose(wish: Partial<AllowRemote> = {}, entries: readonly AllowEntry[] = [], known: readonly Connection[] = [], settings: Partial<ConnectionSettings> = {}) {
  const world = { clock: createMovedClock(), connections: connectionsOf(known, { entries, settings: [connectionSettings(settings)] }) } as unknown as ProposalWorld;
  return kind.propose({ ...WISH, ...wish }, world, new AbortController().signal);
}

describe('src/approvals/kinds/allow-remote', () => {
  test.each<readonly [Partial<AllowRemote>, string]>([
    [{}, 'Ann asks to allow api.stripe.com:443 for all of shop in prod-eu: payment provider'],
    [{ workload: 'checkout' }, 'Ann asks to allow api.stripe.com:443 for shop/checkout in prod-eu: payment provider'],
    [{ direction: 'ingress', remote: '203.0.113.0/24' }, 'Ann asks to allow 203.0.113.0/24:443 into all of shop in prod-eu: payment provider'],
  ])('asks for exactly what was wanted', async (wish, ask) => {
    expect((await propose(wish)).card.ask).toBe(ask);
  });

  test('changes nothing in a cluster, and lasts as long as was asked', async () => {
    expect(await propose({ lastsMs: 86_400_000 })).toMatchObject({ plan: { changes: [] }, lastsMs: 86_400_000 });
    expect(Object.fromEntries((await propose({ lastsMs: 86_400_000 })).card.facts).Time).toBe('1 day, from approval');
  });

  test('what is on the list is not asked for again, until it has ended', async () => {
    const { workload: _, ...entry } = ENTRY;
    await expect(propose({}, [entry])).rejects.toThrow('That is on the allowlist already, as r7k2m9.');
    await expect(propose({}, [{ ...entry, until: '2020-01-01T00:00:00.000Z' }])).resolves.toBeDefined();
    await expect(propose({}, [ENTRY])).resolves.toBeDefined();
  });

  test('a cluster that is not watched is named', async () => {
    await expect(propose({ cluster: 'dev' })).rejects.toThrow('The connections of dev are not watched');
  });

  test('what was denied before is named, with what becomes of it', async () => {
    const other = aConnection({ id: 'c2', state: 'denied', key: { port: 80 } });
    const { card } = await propose({}, [], [aConnection({ state: 'denied', request: 'r11111' }), other, aConnection({ id: 'c3', state: 'approved' })]);

    expect(Object.fromEntries(card.facts)['Denied before']).toBe('shop/checkout → api.stripe.com:443 in r11111; stays denied, and blocked where it is');
    expect(card.meaning?.approved).toBe('On the allowlist; such connections are not asked about. What was denied before stays denied.');
    expect(Object.fromEntries((await propose()).card.facts)).not.toHaveProperty('Denied before');
  });

  test.each<readonly [Partial<ConnectionSettings>, string]>([
    [{ mode: 'enforce' }, 'Now: each first connection is asked about. Allowing changes nothing in the cluster; what a policy of k8ssec blocks stays blocked.'],
    [{ modes: new Map([['shop', 'enforce']]) }, 'Now: each first connection is asked about. Allowing changes nothing in the cluster; what a policy of k8ssec blocks stays blocked.'],
    [{ mode: 'propose' }, 'Now: each first connection is asked about. Allowing changes nothing in the cluster.'],
  ])('with %o says what it does not open', async (settings, now) => {
    expect((await propose({}, [], [], settings)).card.now).toBe(now);
  });
});
