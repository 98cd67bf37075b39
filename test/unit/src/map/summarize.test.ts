import { describe, expect, test } from '@jest/globals';
import type { MarkedPicture } from '#src/map/compare.ts';
import { PHONE, summarize, type Drawing } from '#src/map/summarize.ts';
import type { MarkedLink, ObservedLink } from '#src/model/network-map.ts';

const WEB = 'shop/web[Deployment]';
const API = 'shop/api[Deployment]';
const DB = 'shop/db[StatefulSet]';
const WAY_IN: MarkedLink = { from: 'internet', to: WEB, ports: ['TCP/80'], door: 'Ingress shop/front' };
const OPEN = (to: string): MarkedLink => ({ from: 'any workload', to, ports: ['all'] });
const OUT = (from: string): MarkedLink => ({ from, to: 'outside', ports: ['all'] });

describe('src/map/summarize.ts', () => {
  test('draws ways in, what leads on from there and what stands open, each in its own way', () => {
    const drawing = summarize(picture([WEB, API, DB], [WAY_IN, { from: WEB, to: API, ports: ['TCP/8080', 'TCP/9090', 'UDP/53'] }, { from: API, to: DB, ports: ['all'] }, OPEN(WEB), OUT(WEB)]));

    expect(shown(drawing)).toEqual(['internet -in-> web: Ingress front | TCP 80', 'web -onward-> api: TCP 8080, TCP 9090 +1', 'api -inside-> db: all ports']);
    expect(drawing.nodes.map(({ title, isExposed, isOpen, notes }) => ({ title, isExposed, isOpen, notes }))).toEqual([
      { title: 'api', isExposed: false, isOpen: false, notes: ['no way out of the cluster'] },
      { title: 'db', isExposed: false, isOpen: false, notes: ['no way out of the cluster'] },
      { title: 'web', isExposed: true, isOpen: true, notes: [] },
    ]);
  });

  test('draws what is alike as one, by name', () => {
    const alike = ['a', 'b', 'c'].map((name) => `shop/${name}[Deployment]`);

    const drawing = summarize(picture([...alike, 'pay/d[Deployment]'], [...alike, 'pay/d[Deployment]'].map(OPEN)));

    expect(drawing.nodes.map(({ namespace, title, workloads }) => [namespace, title, workloads.length])).toEqual([['pay', 'd', 1], ['shop', 'a and 2 more', 3]]);
  });

  test('keeps a workload that has changed apart from those that have not', () => {
    const names = ['a', 'b'].map((name) => `shop/${name}[Deployment]`);
    const { nodes } = summarize({ ...picture(names, names.map(OUT)), marks: new Map([['shop/b[Deployment]', 'new']]) });

    expect(nodes.map(({ title, mark }) => [title, mark])).toEqual([['a', undefined], ['b', 'new']]);
  });

  test('draws what was observed of each workload by itself, as far as there is room', () => {
    const names = ['a', 'b', 'c'].map((name) => `shop/${name}[Deployment]`);
    const from = (workload: string, remote: string): ObservedLink => ({ workload, direction: 'egress', remote, standing: 'pending', ports: ['TCP/443'], count: 1, isNew: false });
    const observed = [...Array.from({ length: PHONE.remotes }, (_, index) => from('shop/b[Deployment]', `${index}.example`)), from('shop/b[Deployment]', 'one-too-many.example'), from('shop/c[Deployment]', '0.example'), from('shop/gone[Deployment]', '0.example')];
    const drawing = summarize({ ...picture(names, names.map(OUT)), observed });

    expect(drawing.nodes.map(({ title }) => title)).toEqual(['a', 'b', 'c']);
    expect(drawing.observed.map(({ node, remote }) => `${node.title} ${remote}`)).toEqual([...Array.from({ length: PHONE.remotes }, (_, index) => `b ${index}.example`), 'c 0.example']);
    expect(drawing.observed[0]?.label).toEqual(['pending', 'TCP 443']);
    expect(drawing.left.observed).toBe(2);
  });

  test('keeps a workload with a denied connection among more than fit', () => {
    const names = Array.from({ length: PHONE.nodes + 5 }, (_, index) => `ns${index}/web[Deployment]`);
    const [last = ''] = names.toSorted().slice(-1);
    const drawing = summarize({ ...picture(names, names.map(OUT)), observed: [{ workload: last, direction: 'egress', remote: '203.0.113.9', standing: 'denied', ports: ['TCP/4444'], count: 1, isNew: false }] });

    expect(drawing.observed.map(({ node }) => node.workloads)).toEqual([[last]]);
  });

  test.each<[string, MarkedLink, readonly string[]]>([
    ['any workload on some ports', { from: 'any workload', to: WEB, ports: ['UDP/53'] }, ['from any workload, UDP 53']],
    ['the way to any workload', { from: WEB, to: 'any workload', ports: ['all'] }, ['to any workload']],
    ['addresses outside', { from: WEB, to: 'outside', ports: ['TCP/443'], ranges: ['192.0.2.0/24', '198.51.100.0/24'] }, ['to 192.0.2.0/24 +1, TCP 443']],
    ['what is new', { from: WEB, to: 'outside', ports: ['all'], mark: 'new' }, ['NEW to any address']],
    ['what is gone', { from: 'any workload', to: WEB, ports: ['all'], mark: 'gone' }, ['GONE from any workload']],
  ])('notes %s', (_, link, notes) => {
    const others = link.to === 'outside' ? [] : [OUT(WEB)];

    expect(summarize(picture([WEB], [link, ...others])).nodes[0]?.notes).toEqual(notes);
  });

  test('does not count a gone or closed way in as one', () => {
    const ways: readonly MarkedLink[] = [{ ...WAY_IN, mark: 'gone' }, { ...WAY_IN, door: 'LoadBalancer shop/web', closed: true }];
    const { nodes, edges } = summarize(picture([WEB], ways));

    expect(nodes.map(({ isExposed }) => isExposed)).toEqual([false]);
    expect(edges.map(({ way, mark }) => [way, mark])).toEqual([['in', 'gone'], ['closed', undefined]]);
  });

  test.each([0, 1, 50, 10_000])('fits a phone with %d connections, says what is left out, and keeps the way in', (count) => {
    const names = Array.from({ length: Math.ceil(Math.sqrt(count)) + 1 }, (_, index) => `ns-${index % 7}/app-${index}[Deployment]`);
    const inside = names.flatMap((from, a) => names.filter((_, b) => a !== b).map((to): MarkedLink => ({ from, to, ports: [`TCP/${1000 + a}`] }))).slice(0, count);
    const drawing = summarize(picture([...names, 'zoo/web[Deployment]'], [...inside, { ...WAY_IN, to: 'zoo/web[Deployment]' }]));
    const drawn = drawing.nodes.flatMap(({ workloads }) => workloads);

    expect(drawing.nodes.length).toBeLessThanOrEqual(PHONE.nodes);
    expect(drawing.edges.length).toBeLessThanOrEqual(PHONE.edges);
    expect(drawn.length + [...drawing.left.workloads.values()].reduce((sum, one) => sum + one, 0)).toBe(names.length + 1);
    expect(drawn).toContain('zoo/web[Deployment]');
    expect(drawing.edges.some(({ way }) => way === 'in')).toBe(true);
    expect(drawing.left.edges > 0).toBe(count > PHONE.edges);
  });

  test('draws what has changed before what has not', () => {
    const names = Array.from({ length: 40 }, (_, index) => `ns-${index}/app[Deployment]`);
    const changed: MarkedLink = { from: names[38] ?? '', to: names[39] ?? '', ports: ['TCP/1'], mark: 'new' };
    const links = names.slice(0, 38).map((from, index): MarkedLink => ({ from, to: names[(index + 1) % 38] ?? '', ports: [`TCP/${index + 1}`] }));

    expect(shown(summarize(picture(names, [...links, changed]))).filter((edge) => edge.startsWith('NEW'))).toHaveLength(1);
  });
});

function picture(workloads: readonly string[], links: readonly MarkedLink[]): MarkedPicture {
  return { workloads, links, unlisted: 0, unread: 0, marks: new Map() };
}

function shown({ edges }: Drawing): readonly string[] {
  return edges.map(({ from, to, way, label, mark }) => `${mark === undefined ? '' : `${mark.toUpperCase()} `}${from?.title ?? 'internet'} -${way}-> ${to.title}: ${label.join(' | ')}`);
}
