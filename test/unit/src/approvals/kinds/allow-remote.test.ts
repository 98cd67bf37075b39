import { describe, expect, test } from '@jest/globals';
import { allowEntryOf, kind, type AllowRemote } from '#src/approvals/kinds/allow-remote.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { Labels } from '#src/model/labels.ts';
import { aConnection, connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const WISH: AllowRemote = { cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', port: 443, owner: 'Ann', reason: 'payment provider' };
const ENTRY: AllowEntry = allowEntryOf('r7k2m9', { ...WISH, workload: 'checkout' });

function propose(wish: Partial<AllowRemote> = {}, entries: readonly AllowEntry[] = [], known: readonly Connection[] = [], settings: Partial<ConnectionSettings> = {}, labels: (workload: string) => Labels | undefined = () => undefined) {
  const world = { clock: createMovedClock(), connections: connectionsOf(known, { entries, settings: [connectionSettings(settings)], labels }) } as unknown as ProposalWorld;
  return kind.propose({ ...WISH, ...wish }, world, new AbortController().signal);
}

describe('src/approvals/kinds/allow-remote', () => {
  test.each<readonly [Partial<AllowRemote>, string]>([
    [{}, 'Ann asks to allow api.stripe.com:443 for all of shop in prod-eu: payment provider'],
    [{ workload: 'checkout' }, 'Ann asks to allow api.stripe.com:443 for shop/checkout in prod-eu: payment provider'],
    [{ labels: { tier: 'front', app: 'web' } }, 'Ann asks to allow api.stripe.com:443 for all of shop with app=web,tier=front in prod-eu: payment provider'],
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

  describe('labels', () => {
    const labels = { app: 'web', tier: 'front' };

    test('in whatever order are the same wish, and another one than without or with others', async () => {
      const { workload: _, ...entry } = ENTRY;
      await expect(propose({ labels: { tier: 'front', app: 'web' } }, [{ ...entry, labels }])).rejects.toThrow('That is on the allowlist already, as r7k2m9.');
      await expect(propose({ labels: { app: 'web' } }, [{ ...entry, labels }])).resolves.toBeDefined();
      await expect(propose({ labels }, [entry])).resolves.toBeDefined();
      await expect(propose({}, [{ ...entry, labels }])).resolves.toBeDefined();
      expect(kind.identity({ ...WISH, labels })).toBe(kind.identity({ ...WISH, labels: { tier: 'front', app: 'web' } }));
      expect(new Set([WISH, { ...WISH, labels }, { ...WISH, labels: { app: 'web' } }].map((wish) => kind.identity(wish))).size).toBe(3);
    });

    test('make nobody an approver who would not be one without them', async () => {
      expect((await propose({ labels })).namespaces).toEqual(['shop']);
      const { namespace: _, ...everywhere } = WISH;
      const world = { clock: createMovedClock(), connections: connectionsOf([]) } as unknown as ProposalWorld;
      const { namespaces, card } = await kind.propose({ ...everywhere, labels }, world, new AbortController().signal);
      expect(namespaces).toEqual([]);
      expect(Object.fromEntries(card.facts)).toMatchObject({ Whose: 'every workload with app=web,tier=front in prod-eu', Labels: 'of pod templates; whoever may change a workload can give it these' });
    });

    test.each<readonly [string, Labels | undefined, boolean]>([
      ['that it bears', { ...labels, team: 'pay' }, true],
      ['that it does not bear', { app: 'web' }, false],
      ['that nobody can tell', undefined, true],
    ])('a denied connection of a workload with labels %s', async (_, borne, isNamed) => {
      const { card } = await propose({ labels }, [], [aConnection({ state: 'denied' })], {}, () => borne);
      expect(Object.keys(Object.fromEntries(card.facts)).includes('Denied before')).toBe(isNamed);
    });

    test('stand with the entry', () => {
      expect(allowEntryOf('r1', { ...WISH, labels, lastsMs: 1 })).toEqual({ ...WISH, id: 'r1', labels });
    });
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
