import type { KubernetesVersion } from '#src/model/version.ts';
import type { FoundFile } from '../files.ts';
import { readManifest, type Manifest } from '../manifest.ts';
import { chartsAmong, manifestsOf, runHelm, templatesOf } from './charts.ts';
import { overlaysAmong, runKustomize } from './overlays.ts';
import { findTool } from './tool.ts';

export interface RenderOptions {
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

interface Rendering {
  readonly contents: Map<string, Manifest>;
  readonly unread: { name: string; reason: string }[];
}

const NOTHING: Manifest = { objects: [], unreadable: [], documents: 0, terraform: false, suppressions: [] };

/**
 * Renders the charts of Helm and the kustomizations among files, with the programs of this machine.
 *
 * What they make takes the place of what it is made from, so that nothing is judged twice.
 */
export async function renderFiles(files: readonly FoundFile[], options: RenderOptions): Promise<Rendered> {
  const rendering: Rendering = { contents: new Map(), unread: [] };
  await renderCharts(rendering, files, options);
  await buildOverlays(rendering, files, options);
  return rendering;
}

async function renderCharts({ contents, unread }: Rendering, files: readonly FoundFile[], { searchPath, version, signal }: RenderOptions): Promise<void> {
  const charts = chartsAmong(files);
  const helm = charts.length === 0 ? undefined : await findTool(['helm'], searchPath);
  for (const chart of charts) {
    const outcome = helm === undefined ? { reason: 'there is no helm on the PATH' } : await runHelm(helm.path, chart, version, signal);
    if ('reason' in outcome) {
      unread.push({ name: chart.name, reason: `the chart is not rendered: ${outcome.reason}` });
      continue;
    }
    for (const name of templatesOf(chart, files)) contents.set(name, NOTHING);
    for (const [name, manifest] of manifestsOf(outcome.output, chart)) contents.set(name, manifest);
  }
}

async function buildOverlays({ contents, unread }: Rendering, files: readonly FoundFile[], { searchPath, signal }: RenderOptions): Promise<void> {
  const overlays = await overlaysAmong(files, signal);
  const tool = overlays.length === 0 ? undefined : await findTool(['kustomize', 'kubectl'], searchPath);
  for (const overlay of overlays) {
    const { file, takesIn } = overlay;
    const outcome = tool === undefined ? { reason: 'there is neither kustomize nor kubectl on the PATH' } : await runKustomize(tool, overlay, signal);
    if ('reason' in outcome) {
      unread.push({ name: file.name, reason: `the kustomization is not built: ${outcome.reason}` });
      continue;
    }
    for (const name of takesIn) contents.set(name, NOTHING);
    contents.set(file.name, { ...readManifest(outcome.output), rendered: true });
  }
}
