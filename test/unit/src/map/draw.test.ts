import { describe, expect, test } from '@jest/globals';
import type { MarkedPicture } from '#src/map/compare.ts';
import { dotOf } from '#src/map/dot.ts';
import { pngOf, svgOf } from '#src/map/draw.ts';
import { summarize } from '#src/map/summarize.ts';
import type { MarkedLink } from '#src/model/network-map.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CAPTION = { title: 'Network map · demo', lines: ['23 Nov 2026, 08:00 UTC'] };
const HOSTILE = ['x"]; n0 -> evil; "', '</TD></TR></TABLE><B>', '<script>alert(1)</script>', '&lt;&amp;', '\\N \\G \\" \\l', 'a\nb\r\u0000\u202e', ']]>', '{|}', '', ' ', 'ü→ß 中文 👍', '-->', 'w'.repeat(400)];

describe('src/map/draw.ts', () => {
  test('makes a PNG of the size that the SVG says, twice as sharp', async () => {
    const svg = await svgOf(summarize(aPicture('web')), CAPTION);
    const png = Buffer.from(await pngOf(svg));
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];

    expect([...png.subarray(0, 8)]).toEqual(SIGNATURE);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]);
    expect(Number(width)).toBeGreaterThan(400);
  });

  test('writes letters with its own font', async () => {
    const [some, others] = await Promise.all(['mmm', 'www'].map(async (title) => pngOf(await svgOf(summarize(aPicture('web')), { ...CAPTION, title }))));
    const [boxes, more] = await Promise.all(['中', '文'].map(async (title) => pngOf(await svgOf(summarize(aPicture('web')), { ...CAPTION, title }))));

    expect(Buffer.compare(some ?? Buffer.of(), others ?? Buffer.of())).not.toBe(0);
    // What it has no sign for looks all alike.
    expect(Buffer.compare(boxes ?? Buffer.of(), more ?? Buffer.of())).toBe(0);
  });

  test('keeps names from being read as anything else', async () => {
    for (const name of HOSTILE) {
      const drawing = summarize(aPicture(name));
      const svg = await svgOf(drawing, { title: name, lines: [name] });

      expect({ name, nodes: svg.match(/class="node"/g)?.length, arrows: svg.match(/class="edge"/g)?.length }).toEqual({ name, nodes: 3, arrows: 2 });
      expect(svg).not.toMatch(/<(script|B|TD|TR|TABLE)\b/);
      expect((await pngOf(svg)).length).toBeGreaterThan(1000);
    }
  });

  test('leads arrows from the internet to the side of what they reach, past the name of its namespace', () => {
    const arrows = dotOf(summarize(aPicture('web'))).split('\n').filter((line) => line.includes('->') && !line.includes('invis'));

    expect(arrows.map((arrow) => [arrow.includes('internet ->'), arrow.includes('headport=w')])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test('draws a cluster without anything', async () => {
    const svg = await svgOf(summarize({ workloads: [], links: [], unlisted: 0, unread: 0, marks: new Map() }), CAPTION);

    expect((await pngOf(svg)).length).toBeGreaterThan(1000);
  });

  test('says in words what colors say, and only of what is there', async () => {
    const plain = await svgOf(summarize(aPicture('web')), CAPTION);
    const marked = await svgOf(summarize(aPicture('web', 'gone')), CAPTION);

    expect(plain).toContain('way in from the internet');
    expect(plain).not.toContain('not there any more');
    expect(marked).toContain('not there any more');
    expect(marked).toContain('GONE ');
  });

  test('draws what was observed on the far side, dashed, with how it stands in words', async () => {
    const picture: MarkedPicture = { ...aPicture('web'), observed: [{ workload: 'web/web[web]', direction: 'ingress', remote: '203.0.113.<9>', standing: 'denied', ports: ['TCP/4444'], count: 1, isNew: true }] };
    const dot = dotOf(summarize(picture));
    const svg = await svgOf(summarize(picture), CAPTION);

    expect(dot).toMatch(/rank=sink; o0 /);
    expect(dot).toMatch(/-> o0 \[.*NEW denied.*style="dashed".*dir=back/);
    expect(svg).toContain('observed, not only possible: denied');
    expect(svg).toContain('203.0.113.');
    expect(await svgOf(summarize(aPicture('web')), CAPTION)).not.toContain('observed');
  });

  test('says what is not drawn', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `ns-${index}/app[Deployment]`);
    const picture: MarkedPicture = { workloads: names, links: [], unlisted: 0, unread: 0, marks: new Map() };

    expect(await svgOf(summarize(picture), CAPTION)).toContain('Not drawn: 46 workloads, 0 arrows.');
  });

  test('counts in the title of a namespace what of it is not drawn', () => {
    const names = Array.from({ length: 20 }, (_, index) => `shop/app-${index}[Deployment]`);
    const links = names.map((to, index): MarkedLink => ({ from: 'any workload', to, ports: [`TCP/${index + 1}`] }));

    expect(dotOf(summarize({ workloads: names, links, unlisted: 0, unread: 0, marks: new Map() }))).toContain('shop · 6 more');
  });
});

/** A way in to a workload of that name, which leads on to another. */
function aPicture(name: string, mark?: 'gone'): MarkedPicture {
  const web = `${name}/${name}[${name}]`;
  const links: readonly MarkedLink[] = [
    { from: 'internet', to: web, ports: ['TCP/80'], door: `Ingress ${name}/${name}` },
    { from: web, to: 'pay/db[StatefulSet]', ports: ['TCP/5432'], ...(mark && { mark }) },
  ];
  return { workloads: [web, 'pay/db[StatefulSet]'], links, unlisted: 0, unread: 0, marks: new Map() };
}
