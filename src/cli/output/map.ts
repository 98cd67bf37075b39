import { compareWith } from '#src/map/compare.ts';
import { pngOf, svgOf } from '#src/map/draw.ts';
import { summarize } from '#src/map/summarize.ts';
import { captionOf } from '#src/map/words.ts';
import type { MapEdge } from '#src/network/connectivity.ts';
import type { MAP_FORMATS } from '../flags.ts';
import type { MapCounts, MapPart, MapRecord, MapSummary } from '../map-records.ts';
import type { Where } from '../records.ts';
import { encode } from '#src/model/encode.ts';
import { fitted } from './encode.ts';
import { dotGraph, mermaidGraph } from './map-graph.ts';
import { printable } from '#src/model/printable.ts';
import type { Print } from './report.ts';

/** One way to print maps. */
export interface MapReport {
  readonly add: (part: MapPart) => Promise<void>;
  /** Without counts when not everything could be looked at. */
  readonly end: (counts: MapCounts | undefined) => Promise<void>;
}

type PrintAny = (content: string | Uint8Array) => Promise<void>;
type MapFormat = (typeof MAP_FORMATS)[number];

export interface MapReportOptions {
  readonly listFiles: boolean;
  /** Named on a picture. */
  readonly at: Date;
}

export function mapReport(format: MapFormat, print: PrintAny, { listFiles, at }: MapReportOptions): MapReport {
  switch (format) {
    case 'svg':
    case 'png':
      return pictureReport(format, print, at);
    case 'jsonl':
      return linesReport(print, listFiles);
    case 'json':
      return documentReport(print);
    case 'text':
      return perMap(print, textMap);
    case 'mermaid':
      return perMap(print, mermaidGraph);
    case 'dot':
      return perMap(print, dotGraph);
  }
}

/** One edge per line, as it is computed. */
function linesReport(print: Print, listFiles: boolean): MapReport {
  let edges = 0;
  const line = (record: object) => print(`${encode(fitted(record))}\n`);
  return {
    async add(part) {
      if (part.type !== 'map') return part.type !== 'file' || listFiles ? line(part) : undefined;
      for (const edge of part.map.edges()) {
        edges += 1;
        await line({ type: 'edge', ...part.where, ...edge });
      }
    },
    async end(counts) {
      if (counts !== undefined) await line(summaryOf(counts, edges));
    },
  };
}

/** One document. */
function documentReport(print: Print): MapReport {
  const maps: (Where & { readonly workloads: readonly string[]; readonly edges: readonly MapEdge[] })[] = [];
  const unreadable: object[] = [];
  return {
    add(part) {
      if (part.type === 'map') maps.push({ ...part.where, workloads: part.map.workloads, edges: [...part.map.edges()] });
      if (part.type === 'unreadable') unreadable.push({ ...part, type: undefined });
      return Promise.resolve();
    },
    async end(counts) {
      const edges = maps.reduce((sum, map) => sum + map.edges.length, 0);
      const summary = counts === undefined ? {} : { summary: { ...summaryOf(counts, edges), type: undefined } };
      await print(`${encode({ maps, unreadable, ...summary }, 2)}\n`);
    },
  };
}

/** A picture of the one map that there is. */
function pictureReport(format: 'svg' | 'png', print: PrintAny, at: Date): MapReport {
  return {
    async add(part) {
      if (part.type !== 'map') return;
      const picture = compareWith(undefined, await part.picture());
      const name = printable(part.where.cluster ?? part.where.file ?? 'all files');
      const svg = await svgOf(summarize(picture), captionOf(picture, { name, at, since: undefined }));
      await print(format === 'svg' ? svg : await pngOf(svg));
    },
    end: () => Promise.resolve(),
  };
}

/** Each map for itself, and nothing else. */
function perMap(print: Print, draw: (record: MapRecord) => string): MapReport {
  return {
    add: (part) => (part.type === 'map' ? print(draw(part)) : Promise.resolve()),
    end: () => Promise.resolve(),
  };
}

function textMap({ where, map }: MapRecord): string {
  const lines = [...map.edges()].map(({ from, to, ports, ranges }) => `${from} → ${to}  ${ports.join(', ')}${ranges === undefined ? '' : `  (${ranges.join(', ')})`}`);
  const title = where.cluster ?? where.file;
  return [...(title === undefined ? [] : [`# ${title}`]), ...lines].map((line) => `${printable(line)}\n`).join('');
}

function summaryOf(counts: MapCounts, edges: number): MapSummary {
  return { type: 'summary', ...counts, checks: ['map'], findings: edges };
}
