import { describe, expect, jest, test } from '@jest/globals';
import { listAt, objectAt } from '#src/model/raw.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import type { Plugin } from '#test/build/enforcement.ts';
import { until } from '#test/build/queue.ts';
import { watchedCluster, type WatchedCluster } from '#test/build/watched-cluster.ts';

jest.setTimeout(60_000);

/** Two people close the workload, which somebody else has asked for; gives the message with the button that opens it. */
async function closed({ as, bot }: WatchedCluster, deed: RegExp) {
  expect((await ask(bot(), 'isolate dev shop/deployment/checkout --why "it handles cards"')).words).toContain('Approval is asked for');
  const card = await as('bo').sees(CHANNEL, ({ words, elements }) => words.includes('Isolate shop/checkout in dev') && elements.includes('Isolate'));
  await as('bo').press(card, 'Isolate');
  await as('bo').seesModal(deed);
  await as('bo').submit({ Reason: 'it handles cards and needs little' });
  const half = await as('bo').seesChange(card, /1 of 2/);
  await as('cy').press(half, 'Isolate');
  await as('cy').seesModal(deed);
  await as('cy').submit({ Reason: 'agreed, nothing else is lost' });
  return as('bo').seesChange(card, /nothing that it keeps out was tried yet/);
}

describe.each<readonly [Plugin, string, string, object]>([
  ['kindnet', 'networking.k8s.io/v1', 'NetworkPolicy', { to: [{ ipBlock: { cidr: '203.0.113.50/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
  ['Cilium', 'cilium.io/v2', 'CiliumNetworkPolicy', { toCIDRSet: [{ cidr: '203.0.113.50/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
])('flow: a workload is closed by people under %s', (plugin, apiVersion, kind, opened) => {
  const cluster = watchedCluster(plugin);
  const { as, flow, send, firstAsked, bot } = cluster;
  const specs = () => cluster.policies(apiVersion, kind).map((policy) => objectAt(policy, 'spec'));
  const deed = new RegExp(`create ${kind} shop/k8ssec-`);

  test('a first connection is blocked and proves it, is opened and closed again, and undo opens all', async () => {
    const known = await firstAsked('198.51.100.7');
    await as('bo').press(known, 'Approve');
    await as('bo').seesModal(/no policy was needed/);
    await as('bo').submit({ Reason: 'payment provider of the shop' });
    await as('bo').seesChange(known, /On the allowlist; no policy was needed/);
    const card = await closed(cluster, deed);
    const [spec] = specs();
    expect(JSON.stringify(spec)).toContain('198.51.100.7/32');

    bot().clock.skip(10_000);
    const fresh = await firstAsked('203.0.113.50', { drop: true });
    expect(fresh.words).toMatch(/blocked by policy k8ssec-\w+; approving opens exactly this destination/);
    await send(flow('203.0.113.50', { drop: true }));
    const proven = await as('bo').seesChange(card, /drops seen/);
    await as('bo').press(fresh, 'Approve');
    await as('bo').seesModal(new RegExp(`update ${kind} shop/k8ssec-`));
    await as('bo').submit({ Reason: 'the new mail provider of the shop' });
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    expect(specs()).toEqual([{ ...spec, egress: [...listAt(spec, 'egress'), opened] }]);

    bot().clock.skip(10_000);
    await send(flow('203.0.113.50'));
    const passes = await as('bo').seesChange(fresh, /traffic passes/);
    await as('bo').press(passes, 'Undo');
    await as('bo').seesChange(fresh, /Undone/);
    expect(specs()).toEqual([spec]);

    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(card, /Not isolated any more/);
    expect(specs()).toEqual([]);
  });

  test('one that is denied then stays out', async () => {
    const card = await closed(cluster, deed);
    bot().clock.skip(10_000);
    const fresh = await firstAsked('203.0.113.61', { drop: true });
    await as('bo').press(fresh, 'Deny…');
    await as('bo').seesModal(/The network blocks it already|A request to block it/);
    await as('bo').submit({ Reason: 'nobody on the team knows it' });
    await until(async () => (await ask(bot(), 'connections dev --state denied')).words.includes('203.0.113.61:443'));
    expect(JSON.stringify(specs())).not.toContain('203.0.113.61');

    await as('bo').press(card, 'Undo');
    await as('bo').seesChange(card, /Not isolated any more/);
  });

  test('drops of what was to go on take it back by themselves, however often something new is dropped', async () => {
    const card = await closed(cluster, deed);
    bot().clock.skip(10_000);
    await send(...Array.from({ length: 40 }, () => flow('203.0.113.99', { drop: true })));
    await as('bo').seesChange(card, /drops seen/);
    expect(specs()).toHaveLength(1);

    await send(...Array.from({ length: 12 }, () => flow('198.51.100.7', { drop: true })));
    await as('bo').seesChange(card, /Rolled back automatically[^]*1[12] drops to 198\.51\.100\.7:443[^]*Not isolated any more/);
    await until(() => specs().length === 0);
  });
});
