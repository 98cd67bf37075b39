import { describe, expect, test } from '@jest/globals';
import { compareWith, withinNamespace } from '#src/map/compare.ts';
import type { MapLink, NetworkPicture } from '#src/model/network-map.ts';

const WEB = 'shop/web[Deployment]';
const DB = 'pay/db[StatefulSet]';
const WAY_IN: MapLink = { from: 'internet', to: WEB, ports: ['TCP/80'], door: 'Ingress shop/web' };
const TO_DB: MapLink = { from: WEB, to: DB, ports: ['TCP/5432'] };

describe('src/map/compare.ts', () => {
  test('marks what is new and what is gone, links and workloads', () => {
    const { links, marks, workloads } = compareWith(picture({ workloads: [DB], links: [TO_DB] }), picture({ workloads: [WEB], links: [WAY_IN] }));

    expect(links).toEqual([{ ...WAY_IN, mark: 'new' }, { ...TO_DB, mark: 'gone' }]);
    expect(workloads).toEqual([WEB, DB]);
    expect([...marks]).toEqual([[WEB, 'new'], [DB, 'gone']]);
  });

  test.each<[string, Partial<MapLink>]>([
    ['other ports', { ports: ['TCP/81'] }],
    ['another door', { door: 'LoadBalancer shop/web' }],
    ['other addresses', { ranges: ['192.0.2.0/24'] }],
    ['policies that close it', { closed: true }],
  ])('takes a link with %s for a new one', (_, change) => {
    expect(compareWith(picture({ links: [WAY_IN] }), picture({ links: [{ ...WAY_IN, ...change }] })).links.map(({ mark }) => mark)).toEqual(['new', 'gone']);
  });

  test.each<[string, NetworkPicture | undefined, NetworkPicture]>([
    ['without an earlier picture', undefined, picture({ links: [TO_DB] })],
    ['where the earlier one is not whole', picture({ unlisted: 1 }), picture({ links: [TO_DB] })],
    ['where it is not whole itself', picture({}), picture({ links: [TO_DB], unlisted: 1 })],
    ['where nothing has changed', picture({ links: [TO_DB] }), picture({ links: [TO_DB] })],
  ])('marks nothing %s', (_, before, now) => {
    expect(compareWith(before, now)).toMatchObject({ links: [TO_DB], marks: new Map() });
  });

  test('keeps of a namespace what it has to do with, and whom it has to do with', () => {
    const all = compareWith(undefined, picture({ workloads: [WEB, DB, 'pay/other[Job]', 'shopping/cart[Deployment]'], links: [WAY_IN, TO_DB, { from: 'any workload', to: 'shopping/cart[Deployment]', ports: ['all'] }] }));

    expect(withinNamespace(all, 'shop')).toMatchObject({ workloads: [WEB, DB], links: [WAY_IN, TO_DB] });
    expect(withinNamespace(all, 'pay')).toMatchObject({ workloads: [WEB, DB, 'pay/other[Job]'], links: [TO_DB] });
  });
});

function picture(some: Partial<NetworkPicture>): NetworkPicture {
  return { workloads: [WEB, DB], links: [], unlisted: 0, unread: 0, ...some };
}
