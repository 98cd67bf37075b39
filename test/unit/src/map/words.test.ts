import { describe, expect, test } from '@jest/globals';
import type { MarkedPicture } from '#src/map/compare.ts';
import { altText, captionOf, type MapTitle } from '#src/map/words.ts';
import type { MarkedLink, ObservedLink } from '#src/model/network-map.ts';

const TITLE: MapTitle = { name: 'prod-eu', at: new Date('2026-11-23T08:00:41Z'), since: undefined };
const SINCE = new Date('2026-11-22T08:00:00Z');
const WAY_IN: MarkedLink = { from: 'internet', to: 'shop/web[Deployment]', ports: ['TCP/80'], door: 'Ingress shop/web' };
const OBSERVED: ObservedLink = { workload: 'shop/web[Deployment]', direction: 'egress', remote: '203.0.113.9', standing: 'denied', ports: ['TCP/4444'], count: 3, isNew: false };
const POSSIBLE = 'What Services, Ingresses and network policies make possible. No connections are observed for this map.';

describe('src/map/words.ts', () => {
  test('tells who cannot see the picture what is on it', () => {
    const links: readonly MarkedLink[] = [{ ...WAY_IN, mark: 'new' }, { ...WAY_IN, door: 'NodePort shop/web', closed: true }, { from: 'any workload', to: 'shop/web[Deployment]', ports: ['all'] }, { ...WAY_IN, door: 'NodePort shop/old', mark: 'gone' }];

    expect(altText(picture(links), { ...TITLE, since: SINCE })).toBe(
      `Network map of prod-eu, 23 Nov 2026, 08:00 UTC. 1 way in from the internet: Ingress shop/web to shop/web[Deployment] on TCP/80. Policies close 1 more door. Any workload may connect to 1 of 1 workload. Compared with 22 Nov 2026: 1 new, 1 gone. ${POSSIBLE}`,
    );
  });

  test('says so when nothing leads in', () => {
    expect(altText(picture([]), { ...TITLE, namespace: 'shop' })).toBe(`Network map of prod-eu, namespace shop, 23 Nov 2026, 08:00 UTC. No way in from the internet. Any workload may connect to 0 of 1 workload. ${POSSIBLE}`);
  });

  test('counts what was observed, and names what somebody should look at', () => {
    const observed = [OBSERVED, { ...OBSERVED, direction: 'ingress' as const, remote: '198.51.100.7', standing: 'pending' as const, isNew: true }, { ...OBSERVED, standing: 'approved' as const }];
    const text = altText({ ...picture([]), observed }, TITLE);

    expect(text).toContain('Connections with the outside that were observed: 1 denied, 1 pending, 1 approved; 1 new since yesterday.');
    expect(text).toContain('Denied: shop/web[Deployment] to 203.0.113.9 on TCP/4444. Pending: shop/web[Deployment] from 198.51.100.7 on TCP/4444.');
    expect(text).not.toContain('No connections are observed');
  });

  test('tells a cluster in which nothing was observed from one that is not watched', () => {
    expect(altText({ ...picture([]), observed: [] }, TITLE)).toContain('No connections with the outside were observed.');
    expect(altText(picture([]), TITLE)).toContain('No connections are observed for this map.');
  });

  test('is never longer than Slack takes', () => {
    const many = Array.from({ length: 30 }, (_, index): MarkedLink => ({ ...WAY_IN, to: `shop/${'w'.repeat(250)}-${index}[Deployment]` }));
    const text = altText(picture(many), TITLE);

    expect(text.length).toBe(1000);
    expect(text.endsWith('…')).toBe(true);
  });

  test.each<[string, MarkedPicture, MapTitle, readonly string[]]>([
    ['without an earlier map', picture([WAY_IN]), TITLE, []],
    ['where nothing has changed', picture([WAY_IN]), { ...TITLE, since: SINCE }, ['Compared with 22 Nov 2026: nothing has changed']],
    ['with policies that it does not read', { ...picture([WAY_IN]), unread: 2 }, TITLE, ['2 policies that are not read in full, such as those of Cilium and Calico, may close or open more than is shown.']],
  ])('writes over a map %s', (_, shown, title, lines) => {
    expect(captionOf(shown, title)).toEqual({ title: 'Network map · prod-eu', lines: ['23 Nov 2026, 08:00 UTC', POSSIBLE, ...lines] });
  });
});

function picture(links: readonly MarkedLink[]): MarkedPicture {
  return { workloads: ['shop/web[Deployment]'], links, unlisted: 0, unread: 0, marks: new Map() };
}
