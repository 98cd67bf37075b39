import { describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { listAt, objectAt, textAt } from '#src/model/raw.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { until } from '#test/build/queue.ts';
import { watchedCluster, type WatchedCluster } from '#test/build/watched-cluster.ts';

jest.setTimeout(60_000);

/** A denied connection whose block is asked for, with the message about it. */
async function blockAsked({ as, firstAsked }: WatchedCluster, address: string) {
  const card = await firstAsked(address);
  await as('bo').press(card, 'Deny…');
  await as('bo').seesModal(/A request to block it/);
  await as('bo').submit({ Reason: 'nobody on the team knows it' });
  return as('bo').sees(CHANNEL, ({ words, ts }) => ts !== card.ts && words.includes(`${address}:443`) && words.includes('Block'));
}

/** Has one person block what was asked about, and gives the message with the button that takes it back. */
async function blocked(cluster: WatchedCluster, address: string, deed: RegExp) {
  const { as } = cluster;
  const block = await blockAsked(cluster, address);
  await as('bo').press(block, 'Block');
  await as('bo').seesModal(deed);
  await as('bo').submit({ Reason: 'it stays blocked until it is known' });
  return as('bo').seesChange(block, /no traffic seen yet/);
}

describe('flow: a denied connection is blocked', () => {
  const cluster = watchedCluster('Cilium');
  const { as, flow, send, askedNow, available } = cluster;
  const policies = () => cluster.policies('cilium.io/v2', 'CiliumNetworkPolicy');

  test('asked with its blast radius, made by one policy, proven by a later drop, and taken back', async () => {
    const block = await blockAsked(cluster, '203.0.113.9');
    expect(block.words).toContain('denied by bo: nobody on the team knows it');
    await as('bo').press(block, 'Block');
    await as('bo').seesModal(/create CiliumNetworkPolicy shop\/k8ssec-/);
    await as('bo').submit({ Reason: 'it stays blocked until it is known' });
    await as('bo').seesChange(block, /no traffic seen yet/);
    expect(policies()).toMatchObject([{ spec: { egressDeny: [{ toCIDRSet: [{ cidr: '203.0.113.9/32' }] }], enableDefaultDeny: { egress: false, ingress: false } } }]);

    cluster.bot().clock.skip(10_000);
    await send(flow('203.0.113.9', { drop: true }));
    const proven = await as('bo').seesChange(block, /drops seen/);
    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(block, /Unblocked.*is not denied any more: it is asked about again when it is seen next/);
    await until(() => policies().length === 0);

    cluster.bot().clock.skip(10_000);
    await send(flow('203.0.113.9'));
    await until(async () => (await ask(cluster.bot(), 'connections dev --state new')).words.includes('203.0.113.9:443'));
    await askedNow();
    await as('bo').sees(CHANNEL, ({ words, elements }) => words.includes('shop/checkout → 203.0.113.9:443') && elements.includes('Deny…'));
  });

  test('the earlier of two blocks is taken back from beneath the later one, and the policy goes with the last', async () => {
    const first = await blocked(cluster, '203.0.113.31', /create CiliumNetworkPolicy/);
    const second = await blocked(cluster, '203.0.113.32', /update CiliumNetworkPolicy/);
    const denied = () => policies().flatMap((policy) => listAt(policy, 'spec', 'egressDeny').map((rule) => textAt(rule, 'toCIDRSet', 0, 'cidr')));
    expect(denied()).toEqual(['203.0.113.31/32', '203.0.113.32/32']);

    await as('bo').press(first, 'Undo');
    await as('bo').seesChange(first, /Unblocked/);
    expect(denied()).toEqual(['203.0.113.32/32']);
    await as('bo').press(second, 'Undo');
    await as('bo').seesChange(second, /Unblocked/);
    expect(policies()).toEqual([]);
  });

  test('drops of other connections take it back by themselves, and the message says why', async () => {
    const block = await blockAsked(cluster, '203.0.113.10');
    await as('bo').press(block, 'Block');
    await as('bo').seesModal(/create CiliumNetworkPolicy/);
    await as('bo').submit({ Reason: 'it stays blocked until it is known' });
    await as('bo').seesChange(block, /no traffic seen yet/);

    cluster.bot().clock.skip(10_000);
    await send(...Array.from({ length: 12 }, () => flow('203.0.113.77', { drop: true })));
    await as('bo').seesChange(block, /12 drops to 203\.0\.113\.77:443|11 drops to 203\.0\.113\.77:443/);
    await as('bo').seesChange(block, /Rolled back automatically[^]*Unblocked/);
    await until(() => policies().length === 0);
    expect((await ask(cluster.bot(), 'connections dev --state denied')).words).toContain('203.0.113.10:443');
  });

  test('pods that become unavailable take it back, also when the bot was away for minutes, and the message says why', async () => {
    available(2);
    const block = await blocked(cluster, '203.0.113.11', /create CiliumNetworkPolicy/);
    await cluster.stopApp();
    cluster.bot().clock.skip(3 * 60_000);
    available(1);
    await cluster.startApp();

    await as('bo').seesChange(block, /Rolled back automatically[^]*1 of its pods is available after the change, and 2 were before[^]*Unblocked/);
    await until(() => policies().length === 0);
  });
});

describe('flow: what is approved later passes the isolation that a denial made', () => {
  const cluster = watchedCluster('kindnet');
  const { as, flow, send, firstAsked } = cluster;

  const isolation = () => cluster.policies('networking.k8s.io/v1', 'NetworkPolicy').map((policy) => objectAt(policy, 'spec'));

  test('two people isolate, a new destination is asked about, opened, proven by traffic, and closed again', async () => {
    const known = await firstAsked('198.51.100.7');
    await as('bo').press(known, 'Approve');
    await as('bo').seesModal(/no policy was needed/);
    await as('bo').submit({ Reason: 'payment provider of the shop' });
    await as('bo').seesChange(known, /On the allowlist; no policy was needed/);

    const block = await blockAsked(cluster, '203.0.113.9');
    await as('bo').press(block, 'Block');
    await as('bo').seesModal(/create NetworkPolicy shop\/k8ssec-/);
    await as('bo').submit({ Reason: 'it stays blocked until it is known' });
    const half = await as('bo').seesChange(block, /1 of 2/);
    expect(isolation()).toEqual([]);
    await as('cy').press(half, 'Block');
    await as('cy').seesModal(/create NetworkPolicy/);
    await as('cy').submit({ Reason: 'agreed, nothing else is lost' });
    await as('bo').seesChange(block, /no traffic seen yet/);
    const [closed] = isolation();
    expect(JSON.stringify(closed)).toContain('198.51.100.7/32');

    cluster.bot().clock.skip(10_000);
    const fresh = await firstAsked('203.0.113.50', { drop: true });
    expect(fresh.words).toMatch(/blocked by policy k8ssec-\w+; approving opens exactly this destination/);
    await as('bo').press(fresh, 'Approve');
    await as('bo').seesModal(/update NetworkPolicy shop\/k8ssec-/);
    await as('bo').submit({ Reason: 'the new mail provider of the shop' });
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    const opened = { to: [{ ipBlock: { cidr: '203.0.113.50/32' } }], ports: [{ protocol: 'TCP', port: 443 }] };
    expect(isolation()).toEqual([{ ...closed, egress: [...listAt(closed, 'egress'), opened] }]);

    cluster.bot().clock.skip(10_000);
    await send(flow('203.0.113.50'));
    const proven = await as('bo').seesChange(fresh, /traffic passes/);
    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(fresh, /Undone/);
    expect(isolation()).toEqual([closed]);
  });

  test('what was opened for 24 hours ends although everything that was stored is lost, and what nobody knows any more is named', async () => {
    const [closed] = isolation();
    const fresh = await firstAsked('203.0.113.60', { drop: true });
    await as('bo').press(fresh, 'Approve for 24 hours');
    await as('bo').seesModal(/update NetworkPolicy shop\/k8ssec-/);
    await as('bo').submit({ Reason: 'only for the move of today' });
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    expect(JSON.stringify(isolation())).toContain('203.0.113.60/32');

    await cluster.stopApp();
    const redis = new Redis(cluster.bot().redis.url);
    await redis.flushall();
    await redis.quit();
    cluster.bot().clock.skip(23 * 3600_000);
    await cluster.startApp();
    await until(async () => (await ask(cluster.bot(), 'status')).words.includes('dev policies: 1 of this bot'));
    expect(JSON.stringify(isolation())).toContain('203.0.113.60/32');

    await cluster.stopApp();
    cluster.bot().clock.skip(2 * 3600_000);
    await cluster.startApp();
    await until(() => !JSON.stringify(isolation()).includes('203.0.113.60/32'));
    expect(isolation()).toEqual([closed]);
    await until(async () => /of requests that are not known any more, so that nobody can undo them here: NetworkPolicy shop\/k8ssec-\w+ \(r\w+\)/.test((await ask(cluster.bot(), 'status')).words));
  });
});

describe('flow: what is approved while the policy that keeps it out changes', () => {
  const cluster = watchedCluster('kindnet');
  const { as, firstAsked } = cluster;

  /** Two people isolate the workload; gives the message with the button that takes it back. */
  async function isolated(address: string) {
    const block = await blockAsked(cluster, address);
    await as('bo').press(block, 'Block');
    await as('bo').seesModal(/create NetworkPolicy/);
    await as('bo').submit({ Reason: 'it stays blocked until it is known' });
    const half = await as('bo').seesChange(block, /1 of 2/);
    await as('cy').press(half, 'Block');
    await as('cy').seesModal(/create NetworkPolicy/);
    await as('cy').submit({ Reason: 'agreed, nothing else is lost' });
    return as('bo').seesChange(block, /no traffic seen yet/);
  }

  const approve = async (card: Awaited<ReturnType<typeof firstAsked>>) => {
    await as('bo').press(card, 'Approve');
    await as('bo').seesModal(/update NetworkPolicy shop\/k8ssec-/);
    await as('bo').submit({ Reason: 'the new mail provider of the shop' });
  };
  const isolations = () => cluster.policies('networking.k8s.io/v1', 'NetworkPolicy');

  test('where it was taken back by then, it is on the allowlist, nothing is written, and the message says so', async () => {
    const block = await isolated('203.0.113.21');
    const fresh = await firstAsked('203.0.113.22', { drop: true });
    expect(fresh.words).toContain('approving opens exactly this destination');
    await as('bo').press(block, 'Undo');
    await as('bo').seesChange(block, /Unblocked/);
    expect(isolations()).toEqual([]);

    await approve(fresh);
    await as('bo').seesChange(fresh, /On the allowlist; no policy was needed/);
    expect(isolations()).toEqual([]);
    expect((await ask(cluster.bot(), 'connections dev --state approved')).words).toContain('203.0.113.22:443');
  });

  test('where somebody has changed it by hand, nothing is written over that, and people are asked anew with who it was', async () => {
    await isolated('203.0.113.23');
    const fresh = await firstAsked('203.0.113.24', { drop: true });
    const [policy] = isolations();
    const changed = cluster.bot().kube.objects.put({ ...policy, spec: { ...objectAt(policy, 'spec'), egress: [] } });

    await approve(fresh);
    await as('bo').seesChange(fresh, /what would be done has changed since it was asked/i);
    const anew = await as('bo').sees(CHANNEL, ({ words, ts }) => ts !== fresh.ts && words.includes('203.0.113.24:443') && words.includes('Stays now'));
    expect(anew.words).toMatch(/Stays now: 203\.0\.113\.24:443 is blocked by NetworkPolicy shop\/k8ssec-\w+, which was changed by /);
    expect(isolations().map((one) => one.spec)).toEqual([changed.spec]);
  });
});
