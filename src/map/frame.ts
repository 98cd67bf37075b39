import { STANDINGS } from './observed.ts';
import { COLORS, DASHES, edgeStroke, FONT, nodeFill, nodeStroke, observedStroke, xmlText, type Stroke } from './style.ts';
import type { Drawing } from './summarize.ts';

/** What stands over the drawing. */
export interface Caption {
  readonly title: string;
  readonly lines: readonly string[];
}

const EDGE = 20;
const LINE = 19;
const SAMPLE = 34;
const NARROWEST = 460;
/** Of one letter, in parts of its size; more than most are. */
const LETTER = 0.51;

interface Sample {
  readonly stroke: Stroke;
  /** A box instead of an arrow. */
  readonly fill?: string;
  readonly text: string;
}

/** Puts what Graphviz drew between a title and the signs that it uses. */
export function frame(graph: string, drawing: Drawing, { title, lines }: Caption): string {
  const [, width = '0', height = '0'] = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(graph) ?? [];
  const inner = graph.slice(graph.indexOf('>', graph.indexOf('<svg')) + 1, graph.lastIndexOf('</svg>')).replaceAll(`font-family="${FONT.measured}"`, family()).replace(/font-size="([\d.]+)"/g, (_, size) => `font-size="${(Number(size) * FONT.scale).toFixed(2)}"`);
  const room = Math.max(Number(width), NARROWEST);
  const head = lines.flatMap((line) => wrap(line, room));
  const top = EDGE + 26 + head.length * LINE + 8;
  const samples = samplesOf(drawing).flatMap(({ text, ...sample }) => wrap(text, room - SAMPLE - 10).map((line, index) => ({ line, sample: index === 0 ? sample : undefined })));
  const legend = top + Number(height) + 16;
  const [w, h] = [Math.ceil(room + 2 * EDGE), Math.ceil(legend + samples.length * LINE + EDGE)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${xmlText(title)}">`,
    `<rect width="${w}" height="${h}" fill="${COLORS.paper}"/>`,
    text(EDGE, EDGE + 18, title, { size: 19, isBold: true }),
    ...head.map((line, index) => text(EDGE, EDGE + 26 + (index + 1) * LINE - 4, line, { color: COLORS.gray })),
    `<svg x="${EDGE}" y="${top}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inner}</svg>`,
    ...samples.flatMap(({ line, sample }, index) => {
      const y = legend + index * LINE;
      return [...(sample === undefined ? [] : [drawSample(sample, y)]), text(EDGE + SAMPLE + 10, y + 4, line, { color: COLORS.ink })];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** Only of what is there. */
function samplesOf({ nodes, edges, observed, left }: Drawing): readonly Sample[] {
  const has = (way: 'in' | 'closed' | 'onward' | 'inside'): boolean => edges.some((edge) => edge.way === way && edge.mark !== 'gone');
  const arrow = (way: 'in' | 'closed' | 'onward' | 'inside', words: string): readonly Sample[] => (has(way) ? [{ stroke: edgeStroke({ way }), text: words }] : []);
  const box = (isThere: boolean, look: { readonly isExposed: boolean; readonly isOpen: boolean }, words: string): readonly Sample[] => (isThere ? [{ stroke: nodeStroke(look), fill: nodeFill(look), text: words }] : []);
  const present = nodes.filter(({ mark }) => mark !== 'gone');
  const hasGone = [...nodes, ...edges].some(({ mark }) => mark === 'gone');
  const hidden = [...left.workloads.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...arrow('in', 'way in from the internet'),
    ...arrow('closed', 'door that policies close'),
    ...arrow('onward', 'leads on from what the internet reaches'),
    ...arrow('inside', 'allowed by policies'),
    ...STANDINGS.filter((standing) => observed.some((one) => one.standing === standing)).map((standing) => ({ stroke: observedStroke(standing), text: `observed, not only possible: ${standing}` })),
    ...box(present.some(({ isExposed }) => isExposed), { isExposed: true, isOpen: false }, 'the internet reaches it'),
    ...box(present.some(({ isOpen }) => isOpen), { isExposed: false, isOpen: true }, 'dashed border: any workload may connect to it'),
    ...box(present.some(({ isOpen }) => !isOpen), { isExposed: false, isOpen: false }, 'solid border: only along the arrows and as noted'),
    ...(hasGone ? [{ stroke: edgeStroke({ way: 'in', mark: 'gone' }), text: 'not there any more' }] : []),
    ...(hidden + left.edges + left.observed > 0 ? [{ stroke: { color: COLORS.paper, width: 0 }, text: `Not drawn: ${amount(hidden, 'workload')}, ${amount(left.edges, 'arrow')}${left.observed > 0 ? `, ${amount(left.observed, 'observed connection')}` : ''}.` }] : []),
  ];
}

function drawSample({ stroke: { color, width, dash }, fill }: Omit<Sample, 'text'>, y: number): string {
  const line = `stroke="${color}" stroke-width="${width}"${dash === undefined ? '' : ` stroke-dasharray="${DASHES[dash]}"`}`;
  if (fill !== undefined) return `<rect x="${EDGE + 4}" y="${y - 7}" width="${SAMPLE - 8}" height="14" rx="4" fill="${fill}" ${line}/>`;
  const tip = EDGE + SAMPLE;
  return `<path d="M${EDGE} ${y}H${tip - 8}" fill="none" ${line}/><path d="M${tip} ${y}l-9 -4v8z" fill="${color}"/>`;
}

function text(x: number, y: number, words: string, { size = 13, color = COLORS.ink, isBold = false }: { readonly size?: number; readonly color?: string; readonly isBold?: boolean }): string {
  return `<text x="${x}" y="${y}" ${family()} font-size="${size}"${isBold ? ' font-weight="bold"' : ''} fill="${color}">${xmlText(words)}</text>`;
}

function family(): string {
  return `font-family="${FONT.family}, ${FONT.measured}, Helvetica, sans-serif"`;
}

function wrap(words: string, room: number): readonly string[] {
  const most = Math.max(10, Math.floor(room / (13 * LETTER)));
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => (line.length > most ? `${line.slice(0, most - 1)}…` : line));
}

function amount(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
