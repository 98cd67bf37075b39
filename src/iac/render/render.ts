import { dirname } from 'node:path';
import type { KubernetesVersion } from '#src/model/version.ts';
import type { FoundFile } from '../files.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { boundaryOf, breachIn, type Boundary } from './boundary.ts';
import { createBudget, type Budget } from './budget.ts';
import { chartsAmong, manifestsOf, runHelm, templatesOf } from './charts.ts';
import { overlaysAmong, runKustomize, type KustomizeTool, type Overlay } from './overlays.ts';
import { reachOf } from './reach.ts';
import { findTool, type Outcome } from './tool.ts';
import { writtenIn } from './written-in.ts';

export interface RenderOptions {
  /** What was asked to be looked at. What leads out of these folders, and of the repositories that they are in, is not rendered. */
  readonly paths: readonly string[];
  /** Folders with programs, as `PATH` has them. */
  readonly searchPath: string | undefined;
  readonly version: KubernetesVersion;
  readonly signal: AbortSignal;
}

/** What charts and kustomizations make of some files. */
export interface Rendered {
  /** By the name of the file whose place it takes. Files that are in the result of another hold nothing here. */
  readonly contents: ReadonlyMap<string, Manifest>;
  /** Charts and kustomizations that could not be rendered; their files are judged as they are written. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
}

interface Rendering extends Pick<RenderOptions, 'searchPath' | 'version' | 'signal'> {
  readonly boundary: Boundary;
  readonly budget: Budget;
  readonly contents: Map<string, Manifest>;
  readonly unread: { name: string; reason: string }[];
}

const NOTHING: Manifest = { objects: [], unreadable: [], documents: 0, terraform: false, suppressions: [] };

/**
 * Renders the charts of Helm and the kustomizations among files, with the programs of this machine.
 *
 * What they make takes the place of what it is made from, so that nothing is judged twice. Anybody may have written the files: nothing
 * outside of the given folders and their repositories is read, nothing is fetched, and time and output are limited.
 */
export async function renderFiles(files: readonly FoundFile[], { paths, ...options }: RenderOptions): Promise<Rendered> {
  const rendering: Rendering = { ...options, boundary: await boundaryOf(paths), budget: createBudget(), contents: new Map(), unread: [] };
  await renderCharts(rendering, files);
  await buildOverlays(rendering, files);
  return { contents: rendering.contents, unread: rendering.unread };
}

async function renderCharts(rendering: Rendering, files: readonly FoundFile[]): Promise<void> {
  const { contents, unread, searchPath, signal } = rendering;
  const charts = chartsAmong(files);
  const helm = charts.length === 0 ? undefined : await findTool(['helm'], searchPath);
  for (const chart of charts) {
    const outcome = helm === undefined ? { reason: 'there is no helm on the PATH' } : await renderChart(helm.path, chart, rendering);
    if ('reason' in outcome) {
      unread.push({ name: chart.name, reason: `the chart is not rendered: ${outcome.reason}` });
      continue;
    }
    for (const name of templatesOf(chart, files)) contents.set(name, NOTHING);
    for (const [name, manifest] of await manifestsOf(outcome.output, chart, signal)) contents.set(name, manifest);
  }
}

async function renderChart(helm: string, chart: FoundFile, { version, signal, boundary, budget }: Rendering): Promise<Outcome> {
  const breach = await breachIn(dirname(chart.path), boundary);
  return breach === undefined ? budget.spend((limits) => runHelm(helm, chart, version, { signal, limits })) : { reason: breach };
}

async function buildOverlays(rendering: Rendering, files: readonly FoundFile[]): Promise<void> {
  const { contents, unread, searchPath, signal } = rendering;
  const overlays = await overlaysAmong(files, signal);
  const tool = overlays.length === 0 ? undefined : await findTool(['kustomize', 'kubectl'], searchPath);
  for (const overlay of overlays) {
    const { file, takesIn } = overlay;
    const outcome = tool === undefined ? { reason: 'there is neither kustomize nor kubectl on the PATH' } : await buildOverlay(tool, overlay, rendering);
    if ('reason' in outcome) {
      unread.push({ name: file.name, reason: `the kustomization is not built: ${outcome.reason}` });
      continue;
    }
    for (const name of takesIn) contents.set(name, NOTHING);
    contents.set(file.name, writtenIn('', readManifest(outcome.output)));
  }
}

async function buildOverlay(tool: KustomizeTool, overlay: Overlay, { signal, boundary, budget }: Rendering): Promise<Outcome> {
  const breach = await reachOf(dirname(overlay.file.path), boundary, signal);
  return breach === undefined ? budget.spend((limits) => runKustomize(tool, overlay, { signal, limits })) : { reason: breach };
}
