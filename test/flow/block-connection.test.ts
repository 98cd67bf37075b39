import { describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { listAt, objectAt, textAt } from '#src/model/raw.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { clusterObjects } from '#test/build/enforcement.ts';
import { until } from '#test/build/queue.ts';
import { watchedDev } from '#test/build/watched.ts';

jest.setTimeout(60_000);

const { bot, as, runWith, restart, send, catchUp, firstAsked: asked, submits } = watchedDev(['mode: enforce'], { jobs: false });
const policies = () => bot().kube.objects.list('cilium.io/v2', 'CiliumNetworkPolicy', 'shop');
const isolations = () => bot().kube.objects.list('networking.k8s.io/v1', 'NetworkPolicy', 'shop');
const firstAsked = (address: string, { drop = false } = {}) => asked(`shop/checkout → ${address}:443`, { address, drop });

/** Has the controller of the workload say so. */
function available(pods: number): void {
  const workload = bot().kube.objects.list('apps/v1', 'Deployment', 'shop').find((one) => textAt(one, 'metadata', 'name') === 'checkout');
  bot().kube.objects.put({ ...workload, status: { availableReplicas: pods } });
}

/** A denied connection whose block is asked for, with the message about it. */
async function blockAsked(address: string): Promise<SeenMessage> {
  const card = await firstAsked(address);
  await submits(card, 'Deny…', /A request to block it/, 'nobody on the team knows it');
  return as('bo').sees(CHANNEL, ({ words, ts }) => ts !== card.ts && words.includes(`${address}:443`) && words.includes('Block'));
}

/** Has one person block what was asked about, and gives the message with the button that takes it back. */
async function blocked(address: string, deed: RegExp): Promise<SeenMessage> {
  const block = await blockAsked(address);
  await submits(block, 'Block', deed);
  return as('bo').seesChange(block, /no traffic seen yet/);
}

/** Has two people isolate the workload. */
async function isolated(address: string): Promise<SeenMessage> {
  const block = await blockAsked(address);
  await submits(block, 'Block', /create NetworkPolicy shop\/k8ssec-/);
  const half = await as('bo').seesChange(block, /1 of 2/);
  expect(isolations()).toEqual([]);
  await submits(half, 'Block', /create NetworkPolicy/, 'agreed, nothing else is lost', 'cy');
  return as('bo').seesChange(block, /no traffic seen yet/);
}

describe('flow: a denied connection is blocked', () => {
  runWith(clusterObjects('Cilium'));

  test('asked with its blast radius, made by one policy, proven by a later drop, and taken back', async () => {
    const block = await blockAsked('203.0.113.9');
    expect(block.words).toContain('denied by bo: nobody on the team knows it');
    await submits(block, 'Block', /create CiliumNetworkPolicy shop\/k8ssec-/);
    await as('bo').seesChange(block, /no traffic seen yet/);
    expect(policies()).toMatchObject([{ spec: { egressDeny: [{ toCIDRSet: [{ cidr: '203.0.113.9/32' }] }], enableDefaultDeny: { egress: false, ingress: false } } }]);

    bot().clock.skip(10_000);
    await send({ address: '203.0.113.9', drop: true });
    const proven = await as('bo').seesChange(block, /drops seen/);
    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(block, /Unblocked.*is not denied any more: it is asked about again when it is seen next/);
    await until(() => policies().length === 0);

    bot().clock.skip(10_000);
    await send({ address: '203.0.113.9' });
    await until(async () => (await ask(bot(), 'connections dev --state new')).words.includes('203.0.113.9:443'));
    await catchUp();
    await as('bo').sees(CHANNEL, ({ words, elements }) => words.includes('shop/checkout → 203.0.113.9:443') && elements.includes('Deny…'));
  });

  test('the earlier of two blocks is taken back from beneath the later one, and the policy goes with the last', async () => {
    const first = await blocked('203.0.113.31', /create CiliumNetworkPolicy/);
    const second = await blocked('203.0.113.32', /update CiliumNetworkPolicy/);
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
    const block = await blocked('203.0.113.10', /create CiliumNetworkPolicy/);

    bot().clock.skip(10_000);
    await send(...Array.from({ length: 12 }, () => ({ address: '203.0.113.77', drop: true })));
    await as('bo').seesChange(block, /12 drops to 203\.0\.113\.77:443|11 drops to 203\.0\.113\.77:443/);
    await as('bo').seesChange(block, /Rolled back automatically[^]*Unblocked/);
    await until(() => policies().length === 0);
    expect((await ask(bot(), 'connections dev --state denied')).words).toContain('203.0.113.10:443');

    // A first connection of its own, which is not to be asked about together with that of the next test.
    bot().clock.skip(60_000);
    await catchUp();
    await as('bo').sees(CHANNEL, /First connection from dev shop\/checkout → 203\.0\.113\.77:443/);
  });

  test('pods that become unavailable take it back, also when the bot was away for minutes, and the message says why', async () => {
    available(2);
    const block = await blocked('203.0.113.11', /create CiliumNetworkPolicy/);
    await restart(() => {
      bot().clock.skip(3 * 60_000);
      available(1);
    });

    await as('bo').seesChange(block, /Rolled back automatically[^]*1 of its pods is available after the change, and 2 were before[^]*Unblocked/);
    await until(() => policies().length === 0);
  });
});

describe('flow: what is approved later passes the isolation that a denial made', () => {
  runWith(clusterObjects('kindnet'));

  const isolation = () => isolations().map((policy) => objectAt(policy, 'spec'));

  test('two people isolate, a new destination is asked about, opened, proven by traffic, and closed again', async () => {
    const known = await firstAsked('198.51.100.7');
    await submits(known, 'Approve', /no policy was needed/);
    await as('bo').seesChange(known, /On the allowlist; no policy was needed/);

    await isolated('203.0.113.9');
    const [closed] = isolation();
    expect(JSON.stringify(closed)).toContain('198.51.100.7/32');

    bot().clock.skip(10_000);
    const fresh = await firstAsked('203.0.113.50', { drop: true });
    expect(fresh.words).toMatch(/blocked by policy k8ssec-\w+; approving opens exactly this destination/);
    await submits(fresh, 'Approve', /update NetworkPolicy shop\/k8ssec-/);
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    const opened = { to: [{ ipBlock: { cidr: '203.0.113.50/32' } }], ports: [{ protocol: 'TCP', port: 443 }] };
    expect(isolation()).toEqual([{ ...closed, egress: [...listAt(closed, 'egress'), opened] }]);

    bot().clock.skip(10_000);
    await send({ address: '203.0.113.50' });
    const proven = await as('bo').seesChange(fresh, /traffic passes/);
    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(fresh, /Undone/);
    expect(isolation()).toEqual([closed]);
  });

  test('what was opened for 24 hours ends although everything that was stored is lost, and what nobody knows any more is named', async () => {
    const [closed] = isolation();
    const fresh = await firstAsked('203.0.113.60', { drop: true });
    await submits(fresh, 'Approve for 24 hours', /update NetworkPolicy shop\/k8ssec-/);
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    expect(JSON.stringify(isolation())).toContain('203.0.113.60/32');

    await restart(async () => {
      const redis = new Redis(bot().redis.url);
      await redis.flushall();
      await redis.quit();
      bot().clock.skip(23 * 3600_000);
    });
    await until(async () => (await ask(bot(), 'status')).words.includes('dev policies: 1 of this bot'));
    expect(JSON.stringify(isolation())).toContain('203.0.113.60/32');

    await restart(() => bot().clock.skip(2 * 3600_000));
    await until(() => !JSON.stringify(isolation()).includes('203.0.113.60/32'));
    expect(isolation()).toEqual([closed]);
    await until(async () => /of requests that are not known any more, so that nobody can undo them here: NetworkPolicy shop\/k8ssec-\w+ \(r\w+\)/.test((await ask(bot(), 'status')).words));
  });
});

describe('flow: what is approved while the policy that keeps it out changes', () => {
  runWith(clusterObjects('kindnet'));

  const approve = (card: SeenMessage) => submits(card, 'Approve', /update NetworkPolicy shop\/k8ssec-/);

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
    expect((await ask(bot(), 'connections dev --state approved')).words).toContain('203.0.113.22:443');
  });

  test('where somebody has changed it by hand, nothing is written over that, and people are asked anew with who it was', async () => {
    await isolated('203.0.113.23');
    const fresh = await firstAsked('203.0.113.24', { drop: true });
    const [policy] = isolations();
    const changed = bot().kube.objects.put({ ...policy, spec: { ...objectAt(policy, 'spec'), egress: [] } });

    await approve(fresh);
    await as('bo').seesChange(fresh, /what would be done has changed since it was asked/i);
    const anew = await as('bo').sees(CHANNEL, ({ words, ts }) => ts !== fresh.ts && words.includes('203.0.113.24:443') && words.includes('Stays now'));
    expect(anew.words).toMatch(/Stays now: 203\.0\.113\.24:443 is blocked by NetworkPolicy shop\/k8ssec-\w+, which was changed by /);
    expect(isolations().map((one) => one.spec)).toEqual([changed.spec]);
  });
});
