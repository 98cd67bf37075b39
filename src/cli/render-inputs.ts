import { compareBytes, type FoundFile, type FoundFiles } from '#src/iac/files.ts';
import { renderFiles, type Rendered, type RenderOptions } from '#src/iac/render/render.ts';
import type { FileTarget } from './scan-files.ts';
import { STDIN } from './target.ts';

/** The files to look at, and what takes the place of some of them. */
export interface Inputs {
  readonly files: readonly FoundFile[];
  /** By the name of the file whose place it takes. */
  readonly contents: Rendered['contents'];
  readonly unreadable: FoundFiles['unreadable'];
}

/** Renders the charts and kustomizations among files. As each is many files, files that are each judged alone are judged as they are written. */
export async function renderInputs({ paths, isolate }: FileTarget, { files, unreadable }: FoundFiles, options: Omit<RenderOptions, 'paths'>): Promise<Inputs> {
  if (isolate === 'file') return { files, contents: new Map(), unreadable };
  const rendered = await renderFiles(
    files.filter(({ path }) => path !== STDIN),
    { ...options, paths: paths.filter((path) => path !== STDIN) },
  );
  return { files: withRendered(files, rendered), contents: rendered.contents, unreadable: [...unreadable, ...rendered.unread] };
}

/** With templates that are no manifests by their name. */
function withRendered(files: readonly FoundFile[], { contents }: Rendered): readonly FoundFile[] {
  const names = new Set(files.map(({ name }) => name));
  const others = [...contents.keys()].filter((name) => !names.has(name)).map((name): FoundFile => ({ name, path: name, format: 'manifest' }));
  return others.length === 0 ? files : [...files, ...others].sort((a, b) => compareBytes(a.name, b.name));
}
