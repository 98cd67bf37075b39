import { dirname, join, posix, resolve } from 'node:path';
import { formatVersion, type KubernetesVersion } from '#src/model/version.ts';
import type { FoundFile } from '../files.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { openFile, readText } from '../read.ts';
import { writtenIn } from './written-in.ts';
import { runTool, type Outcome, type RunOptions } from './tool.ts';

/** What Helm prints before each document, with the file that made it; its first part is the name of the chart. */
const SOURCE = /^---\r?\n# Source: [^/\n]+\/([^\n]+?)\r?$/gm;
/** Files of templates below a chart, those of the charts in it included, and nothing that leads out of it. */
const TEMPLATES = /^(?:charts\/[^/]+\/)*templates\/(?!.*(?:^|\/)\.\.(?:\/|$))/;

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
export function runHelm(helm: string, chart: FoundFile, version: KubernetesVersion, options: Omit<RunOptions, 'reasonOf'>): Promise<Outcome> {
  return runTool(helm, ['template', resolve(dirname(chart.path)), '--kube-version', formatVersion(version)], { ...options, reasonOf });
}

function reasonOf(complaint: string): string {
  if (complaint.includes('missing in charts/')) return 'charts that it depends on are not in its folder; helm dependency build puts them there';
  if (complaint.includes('library charts are not installable')) return 'a library chart makes nothing by itself';
  const place = /\b[\w.-]+\/((?:charts\/[\w.-]+\/)*templates\/[\w./-]+)(?::(\d+))?/.exec(complaint);
  return `helm template fails${place === null ? '' : ` in ${place[1]}${place[2] === undefined ? '' : `, line ${place[2]}`}`}`;
}

/** What was rendered, by the name of the template that made it; what a template makes that is not there itself, such as one in a packed chart, by that of the chart. */
export async function manifestsOf(output: string, chart: FoundFile, signal: AbortSignal): Promise<ReadonlyMap<string, Manifest>> {
  const starts = [...output.matchAll(SOURCE)];
  const templates = new Map<string, string | undefined>();
  const texts = new Map<string, string>();
  for (const [index, start] of starts.entries()) {
    const below = start[1] ?? '';
    if (!templates.has(below)) templates.set(below, await readTemplate(below, chart, signal));
    const file = templates.get(below) === undefined ? '' : below;
    texts.set(file, `${texts.get(file) ?? ''}${output.slice(start.index, starts[index + 1]?.index)}`);
  }
  return new Map([...texts].map(([file, text]) => [file === '' ? chart.name : posix.join(posix.dirname(chart.name), file), writtenIn(templates.get(file) ?? '', readManifest(text))]));
}

/** Undefined when it is not in the folder of the chart. */
async function readTemplate(below: string, { path }: FoundFile, signal: AbortSignal): Promise<string | undefined> {
  if (!TEMPLATES.test(below)) return undefined;
  const decoded = await readText(openFile(join(dirname(path), below), signal));
  signal.throwIfAborted();
  return 'reason' in decoded ? undefined : decoded.text;
}
