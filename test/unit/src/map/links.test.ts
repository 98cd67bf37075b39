import { describe, expect, test } from '@jest/globals';
import { gatherNetwork } from '#src/map/gather.ts';
import { pictureOf, type LinkOptions } from '#src/map/links.ts';
import type { NetworkPicture } from '#src/model/network-map.ts';
import type { RawObject } from '#src/model/raw.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { deployment, ingress, policy, service } from './objects.ts';

const [WEB, API, DB] = [deployment('web'), deployment('api'), deployment('db')];
const DENY_ALL = policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const [TO_WEB, TO_API, TO_DB] = ['shop/web[Deployment]', 'shop/api[Deployment]', 'shop/db[Deployment]'];
const OPEN = (to: string) => ({ from: 'any workload', to, ports: ['all'] });
const OUT = (from: string) => ({ from, to: 'outside', ports: ['all'] });

describe('src/map/links.ts', () => {
  test('says once that any workload may connect to another that no policy selects', async () => {
    expect(await linksOf([WEB, API])).toEqual([OPEN(TO_API), OPEN(TO_WEB), OUT(TO_API), OUT(TO_WEB)]);
  });

  test('has no link where policies allow none', async () => {
    expect(await linksOf([WEB, API, DENY_ALL])).toEqual([]);
  });

  test('has a link for each connection that a policy names', async () => {
    const db = policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ port: 5432 }] }] });

    expect((await linksOf([WEB, API, DB, db])).filter(({ to }) => to === TO_DB)).toEqual([{ from: TO_API, to: TO_DB, ports: ['TCP/5432'] }]);
  });

  test('takes a rule for all workloads as one link, also where pods of a node are not meant', async () => {
    const db = policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }] });
    const proxy = deployment('proxy', { hostNetwork: true });

    expect((await linksOf([WEB, API, DB, proxy, db])).filter(({ to }) => to === TO_DB)).toEqual([{ from: 'any workload', to: TO_DB, ports: ['UDP/53'] }]);
  });

  test('says where the way out leads when policies leave only some', async () => {
    const out = policy('out', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 443 }] }, { to: [{ namespaceSelector: {} }] }] });

    expect((await linksOf([WEB, API, DB, out])).filter(({ from }) => from === TO_WEB)).toEqual([
      { from: TO_WEB, to: 'any workload', ports: ['all'] },
      { from: TO_WEB, to: 'outside', ports: ['TCP/443'], ranges: ['192.0.2.0/24'] },
    ]);
  });

  describe('ways in', () => {
    const balancer = service('web', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }] });
    const inner = service('web', { ports: [{ port: 80, targetPort: 8080 }] });
    const fromRange = policy('web', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 8080 }] }] });
    const otherPort = policy('web', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ ports: [{ port: 9090 }] }] });
    const fromController = policy('web', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ namespaceSelector: {} }] }] });
    const way = { from: 'internet', to: TO_WEB, ports: ['TCP/8080'] };

    test.each<[string, readonly RawObject[], readonly object[]]>([
      ['a load balancer', [balancer], [{ ...way, door: 'LoadBalancer shop/web' }]],
      ['an Ingress', [inner, ingress('front', 'web')], [{ ...way, door: 'Ingress shop/front' }]],
      ['a Service inside is none', [inner], []],
      ['one that policies close', [balancer, DENY_ALL], [{ ...way, door: 'LoadBalancer shop/web', closed: true }]],
      ['one whose port policies close', [balancer, otherPort], [{ ...way, door: 'LoadBalancer shop/web', closed: true }]],
      ['one that policies leave open for some', [balancer, fromRange], [{ ...way, door: 'LoadBalancer shop/web', ranges: ['203.0.113.0/24'] }]],
      ['an Ingress, where policies let in whoever serves it', [inner, ingress('front', 'web'), fromController], [{ ...way, door: 'Ingress shop/front' }]],
      ['an Ingress whose controller is not let in', [inner, ingress('front', 'web'), fromRange], [{ ...way, door: 'Ingress shop/front', closed: true }]],
    ])('%s', async (_, objects, expected) => {
      expect((await linksOf([WEB, API, DB, ...objects])).filter(({ from }) => from === 'internet')).toEqual(expected);
    });
  });

  test('counts what it does not keep, unless everybody is meant', async () => {
    const some = [1, 2, 3, 4].map((index) => deployment(`app-${index}`, { labels: { tier: 'front' } }));
    const rule = (from: object) => policy('db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [from] }] });

    const named = await picture([DB, WEB, ...some, rule({ podSelector: { matchLabels: { tier: 'front' } } })], { most: 3 });
    const everybody = await picture([DB, WEB, ...some, rule({ podSelector: {} })], { most: 3 });

    expect(named.links.filter(({ to }) => to === TO_DB)).toHaveLength(3);
    expect(named.unlisted).toBe(1);
    expect(everybody.links.filter(({ to }) => to === TO_DB)).toEqual([{ from: 'any workload', to: TO_DB, ports: ['all'] }]);
    expect(everybody.unlisted).toBe(0);
  });

  test('counts policies that only network plugins read', async () => {
    const cilium = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec: {} };

    expect((await picture([WEB, cilium])).unread).toBe(1);
  });

  test('lets other work have its turn, and ends when it is told to', async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 200 }, (_, index) => deployment(`app-${index}`));
    setImmediate(() => stop.abort(new Error('enough')));

    await expect(picture(many, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

async function picture(objects: readonly RawObject[], options: Partial<LinkOptions> = {}): Promise<NetworkPicture> {
  const signal = new AbortController().signal;
  const { network } = await gatherNetwork(sourceOf(objects), signal);
  return pictureOf(network, { complete: true, signal, ...options });
}

async function linksOf(objects: readonly RawObject[]) {
  return (await picture(objects)).links;
}
