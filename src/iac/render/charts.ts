import { dirname, posix, resolve } from 'node:path';
import { formatVersion, type KubernetesVersion } from '#src/model/version.ts';
import type { FoundFile } from '../files.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { runTool, type Outcome } from './tool.ts';

/** What Helm prints before each document, with the file that made it; its first part is the name of the chart. */
const SOURCE = /^---\r?\n# Source: [^/\n]+\/([^\n]+?)\r?$/gm;
/** Files of templates below a chart, those of the charts in it included. */
const TEMPLATES = /^(?:charts\/[^/]+\/)*templates\//;

/** The files that say that their folder is a chart. A chart that another has among its own is a part of that. */
export function chartsAmong<File extends Pick<FoundFile, 'name'>>(files: readonly File[]): readonly File[] {
  const charts = files.filter(({ name }) => posix.basename(name) === 'Chart.yaml');
  const folders = new Set(charts.map(({ name }) => posix.dirname(name)));
  return charts.filter(({ name }) => !folders.has(posix.dirname(posix.dirname(posix.dirname(name)))) || posix.basename(posix.dirname(posix.dirname(name))) !== 'charts');
}

/** Names of the files whose templates a chart renders. */
export function templatesOf({ name }: FoundFile, files: readonly FoundFile[]): readonly string[] {
  const folder = posix.dirname(name);
  return files.map((file) => file.name).filter((file) => TEMPLATES.test(posix.relative(folder, file)));
}

/** Renders a chart with its own values, and nothing that is not in its folder. */
export function runHelm(helm: string, chart: FoundFile, version: KubernetesVersion, signal: AbortSignal): Promise<Outcome> {
  return runTool(helm, ['template', resolve(dirname(chart.path)), '--kube-version', formatVersion(version)], { signal, reasonOf });
}

function reasonOf(complaint: string): string {
  if (complaint.includes('missing in charts/')) return 'charts that it depends on are not in its folder; helm dependency build puts them there';
  if (complaint.includes('library charts are not installable')) return 'a library chart makes nothing by itself';
  const place = /\b[\w.-]+\/((?:charts\/[\w.-]+\/)*templates\/[\w./-]+)(?::(\d+))?/.exec(complaint);
  return `helm template fails${place === null ? '' : ` in ${place[1]}${place[2] === undefined ? '' : `, line ${place[2]}`}`}`;
}

/** What was rendered, by the name of the template that made it. */
export function manifestsOf(output: string, { name }: FoundFile): ReadonlyMap<string, Manifest> {
  const starts = [...output.matchAll(SOURCE)];
  const texts = new Map<string, string>();
  for (const [index, start] of starts.entries()) {
    const template = posix.join(posix.dirname(name), start[1] ?? '');
    texts.set(template, `${texts.get(template) ?? ''}${output.slice(start.index, starts[index + 1]?.index)}`);
  }
  return new Map([...texts].map(([template, text]) => [template, { ...readManifest(text), rendered: true }]));
}
