import { Redis } from 'ioredis';
import { describe, expect, jest, test } from '@jest/globals';
import { at, objectAt, textAt } from '#src/model/raw.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { ask } from '#test/build/conversation.ts';
import { clusterObjects } from '#test/build/enforcement.ts';
import { until } from '#test/build/queue.ts';
import { watchedDev } from '#test/build/watched.ts';

jest.setTimeout(60_000);

/** Clients come by the nodes, so that no policy can tell them apart. */
const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', labels: { 'argocd.argoproj.io/instance': 'shop' } }, spec: { type: 'LoadBalancer', selector: { app: 'checkout' }, ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }] } };

const { bot, as, runWith, restart, send, catchUp, firstAsked, submits } = watchedDev(
  ['groups: { office: [198.51.100.0/24], partner: [203.0.113.0/28], lab: [192.0.2.0/24], vendor: [203.0.113.64/28], guest: [203.0.113.128/28] }', 'mode: enforce', 'sourceRanges: [shop]'],
  { jobs: false },
);
runWith([...clusterObjects('Cilium'), SERVICE]);

const ranges = () => at(bot().kube.objects.list('v1', 'Service', 'shop')[0], 'spec', 'loadBalancerSourceRanges');
const noted = () => textAt(bot().kube.objects.list('v1', 'Service', 'shop')[0], 'metadata', 'annotations', 'k8ssec.io/source-ranges');
const asked = (group: string, address: string) => firstAsked(`${group} → shop/checkout:8443`, { address, inboundPort: 8443 });

describe('flow: a denied source is kept out by the Service before its workload', () => {
  test('asked with what it would let in, limited by two people, proven, widened for a day, and put back as it was', async () => {
    await submits(await asked('office', '198.51.100.7'), 'Approve', /no policy was needed/);
    const denied = await asked('partner', '203.0.113.5');
    await submits(denied, 'Deny…', /A request to block it/);

    const block = await as('bo').sees(CHANNEL, ({ words }) => words.includes('Block partner → shop/checkout:8443'));
    for (const part of ['changes the source ranges of Service shop/web, which belongs to you', 'only 198.51.100.0/24', 'puts back exactly what stood there: no source ranges', 'the pods do not see the addresses of clients', 'would have let through 1 of 2', 'kept by Argo CD (shop)', 'The load balancer may take minutes']) expect(block.words).toContain(part);
    await submits(block, 'Block', /update Service shop\/web: set spec\.loadBalancerSourceRanges/);
    const half = await as('bo').seesChange(block, /1 of 2/);
    expect(ranges()).toBeUndefined();
    await submits(half, 'Block', /update Service shop\/web/, undefined, 'cy');
    await as('bo').seesChange(block, /written to the Service; the load balancer may take minutes, or not act on source ranges/);
    expect(ranges()).toEqual(['198.51.100.0/24']);

    bot().clock.skip(10_000);
    await send({ address: '203.0.113.5', inboundPort: 8443, drop: true });
    const proven = await as('bo').seesChange(block, /drops seen/);

    bot().clock.skip(60_000);
    const lab = await asked('lab', '192.0.2.9');
    expect(lab.words).toContain('approving changes the source ranges of Service shop/web, which belongs to you');
    await submits(lab, 'Approve for 24 hours', /lets in 192\.0\.2\.0\/24 besides/);
    await as('bo').seesChange(lab, /no traffic seen yet/);
    expect(ranges()).toEqual(['198.51.100.0/24', '192.0.2.0/24']);
    bot().clock.skip(25 * 3600_000);
    await catchUp();
    await as('bo').seesChange(lab, /Undone\* on time/);
    expect(ranges()).toEqual(['198.51.100.0/24']);

    await as('bo').press(proven, 'Undo');
    await as('bo').seesChange(block, /Unblocked.*is not denied any more/);
    expect(ranges()).toBeUndefined();
  });

  test('what others have made of the list since is theirs: Undo says what stands there, and what to type', async () => {
    const denied = await asked('vendor', '203.0.113.70');
    await submits(denied, 'Deny…', /A request to block it/);
    const block = await as('bo').sees(CHANNEL, ({ words }) => words.includes('Block vendor → shop/checkout:8443'));
    await submits(block, 'Block', /update Service shop\/web/);
    await submits(await as('bo').seesChange(block, /1 of 2/), 'Block', /update Service shop\/web/, undefined, 'cy');
    const applied = await as('bo').seesChange(block, /written to the Service/);
    const [now] = bot().kube.objects.list('v1', 'Service', 'shop');
    bot().kube.objects.put({ ...now, spec: { ...objectAt(now, 'spec'), loadBalancerSourceRanges: ['198.51.100.0/24', '192.0.2.77/32'] } });

    await as('bo').press(applied, 'Undo');

    const refused = await as('bo').seesChange(block, /COULD NOT BE TAKEN BACK/);
    for (const part of ['It holds now: 198.51.100.0/24, 192.0.2.77/32', `kubectl -n shop patch services web --type=merge -p '{"spec":{"loadBalancerSourceRanges":null}}'`]) expect(refused.words).toContain(part);
    expect(ranges()).toEqual(['198.51.100.0/24', '192.0.2.77/32']);
  });

  test('what was let in for 24 hours ends although everything that was stored is lost, and says so on the Service until then', async () => {
    const [now] = bot().kube.objects.list('v1', 'Service', 'shop');
    bot().kube.objects.put({ ...now, spec: { ...objectAt(now, 'spec'), loadBalancerSourceRanges: ['198.51.100.0/24'] } });
    const guest = await asked('guest', '203.0.113.130');
    await submits(guest, 'Approve for 24 hours', /lets in 203\.0\.113\.128\/28 besides/);
    await as('bo').seesChange(guest, /no traffic seen yet/);
    expect(JSON.parse(noted() ?? '')).toMatchObject([{ put: ['203.0.113.128/28'] }]);

    await restart(async () => {
      const redis = new Redis(bot().redis.url);
      await redis.flushall();
      await redis.quit();
      bot().clock.skip(23 * 3600_000);
    });
    await until(async () => (await ask(bot(), 'status')).words.includes('source ranges of 1 Service end by a note on it'));
    expect(ranges()).toEqual(['198.51.100.0/24', '203.0.113.128/28']);

    await restart(() => bot().clock.skip(2 * 3600_000));
    await until(() => noted() === undefined);
    expect(ranges()).toEqual(['198.51.100.0/24']);
  });
});
