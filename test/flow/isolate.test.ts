import { describe, expect, jest, test } from '@jest/globals';
import { listAt, objectAt } from '#src/model/raw.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { clusterObjects, type Plugin } from '#test/build/enforcement.ts';
import { until } from '#test/build/queue.ts';
import { watchedDev } from '#test/build/watched.ts';

jest.setTimeout(60_000);

const { bot, as, runWith, send, firstAsked: asked, submits } = watchedDev(['mode: enforce'], { jobs: false });
const firstAsked = (address: string, { drop = false } = {}) => asked(`shop/checkout → ${address}:443`, { address, drop });

/** Two people close the workload, which somebody else has asked for; gives the message with the button that opens it. */
async function closed(deed: RegExp): Promise<SeenMessage> {
  expect((await ask(bot(), 'isolate dev shop/deployment/checkout --why "it handles cards"')).words).toContain('Approval is asked for');
  const card = await as('bo').sees(CHANNEL, ({ words, elements }) => words.includes('Isolate shop/checkout in dev') && elements.includes('Isolate'));
  await submits(card, 'Isolate', deed);
  const half = await as('bo').seesChange(card, /1 of 2/);
  await submits(half, 'Isolate', deed, 'agreed, nothing else is lost', 'cy');
  return as('bo').seesChange(card, /nothing that it keeps out was tried yet/);
}

describe.each<readonly [Plugin, string, string, object]>([
  ['kindnet', 'networking.k8s.io/v1', 'NetworkPolicy', { to: [{ ipBlock: { cidr: '203.0.113.50/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
  ['Cilium', 'cilium.io/v2', 'CiliumNetworkPolicy', { toCIDRSet: [{ cidr: '203.0.113.50/32' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
])('flow: a workload is closed by people under %s', (plugin, apiVersion, kind, opened) => {
  runWith(clusterObjects(plugin));
  const specs = () => bot().kube.objects.list(apiVersion, kind, 'shop').map((policy) => objectAt(policy, 'spec'));
  const deed = new RegExp(`create ${kind} shop/k8ssec-`);

  test('a first connection is blocked and proves it, is opened and closed again, and undo opens all', async () => {
    const known = await firstAsked('198.51.100.7');
    await submits(known, 'Approve', /no policy was needed/);
    await as('bo').seesChange(known, /On the allowlist; no policy was needed/);
    const card = await closed(deed);
    const [spec] = specs();
    expect(JSON.stringify(spec)).toContain('198.51.100.7/32');

    // It is seen first a minute ago: what was dropped before would prove nothing.
    bot().clock.skip(120_000);
    const fresh = await firstAsked('203.0.113.50', { drop: true });
    expect(fresh.words).toMatch(/blocked by policy k8ssec-\w+; approving opens exactly this destination/);
    await send({ address: '203.0.113.50', drop: true });
    const proven = await as('bo').seesChange(card, /drops seen/);
    await submits(fresh, 'Approve', new RegExp(`update ${kind} shop/k8ssec-`));
    await as('bo').seesChange(fresh, /no traffic seen yet/);
    expect(specs()).toEqual([{ ...spec, egress: [...listAt(spec, 'egress'), opened] }]);

    bot().clock.skip(10_000);
    await send({ address: '203.0.113.50' });
    const passes = await as('bo').seesChange(fresh, /traffic passes/);
    await as('bo').press(passes, 'Undo');
    await as('bo').seesChange(fresh, /Undone/);
    expect(specs()).toEqual([spec]);

    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(card, /Not isolated any more/);
    expect(specs()).toEqual([]);
  });

  test('one that is denied then stays out', async () => {
    const card = await closed(deed);
    bot().clock.skip(10_000);
    const fresh = await firstAsked('203.0.113.61', { drop: true });
    await submits(fresh, 'Deny…', /The network blocks it already|A request to block it/);
    await until(async () => (await ask(bot(), 'connections dev --state denied')).words.includes('203.0.113.61:443'));
    expect(JSON.stringify(specs())).not.toContain('203.0.113.61');

    await as('bo').press(card, 'Undo');
    await as('bo').seesChange(card, /Not isolated any more/);
  });

  test('drops of what was to go on take it back by themselves, however often something new is dropped', async () => {
    const card = await closed(deed);
    bot().clock.skip(10_000);
    await send(...Array.from({ length: 40 }, () => ({ address: '203.0.113.99', drop: true })));
    await as('bo').seesChange(card, /drops seen/);
    expect(specs()).toHaveLength(1);

    await send(...Array.from({ length: 12 }, () => ({ address: '198.51.100.7', drop: true })));
    await as('bo').seesChange(card, /Rolled back automatically[^]*1[12] drops to 198\.51\.100\.7:443[^]*Not isolated any more/);
    await until(() => specs().length === 0);
  });
});
