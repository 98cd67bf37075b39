import { describe, expect, test } from '@jest/globals';
import { kind, type AllowRemote } from '#src/approvals/kinds/allow-remote.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { AllowEntry } from '#src/model/connection.ts';
import { connectionsOf } from '#test/build/connections.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const WISH: AllowRemote = { cluster: 'prod-eu', namespace: 'shop', direction: 'egress', remote: 'api.stripe.com', port: 443, owner: 'Ann', reason: 'payment provider' };
const ENTRY: AllowEntry = { ...WISH, id: 'r7k2m9', namespace: 'shop', workload: 'checkout', port: 443 };

function propose(wish: Partial<AllowRemote> = {}, entries: readonly AllowEntry[] = []) {
  const world = { clock: createMovedClock(), connections: connectionsOf([], { entries }) } as unknown as ProposalWorld;
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
});
