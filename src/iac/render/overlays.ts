import { dirname, posix, relative, resolve } from 'node:path';
import { isObject, textAt, type RawObject } from '#src/model/raw.ts';
import { splitDocuments } from '../documents.ts';
import { quoted } from '../fault.ts';
import type { FoundFile } from '../files.ts';
import { parseDocument } from '../parse-document.ts';
import { openFile, readText } from '../read.ts';
import { KUSTOMIZATION_NAMES } from './reach.ts';
import { runTool, type Outcome, type RunOptions } from './tool.ts';

const NAMES: ReadonlySet<string> = new Set(KUSTOMIZATION_NAMES);
const API_GROUP = 'kustomize.config.k8s.io/';

export interface KustomizeTool {
  readonly name: 'kustomize' | 'kubectl';
  readonly path: string;
}

/** A kustomization that nothing else among the files takes in. */
export interface Overlay {
  readonly file: FoundFile;
  /** Names of the files that it takes in, with those that they take in themselves. */
  readonly takesIn: ReadonlySet<string>;
}

/** Whether a file is a kustomization by its name. */
export function isKustomization({ name }: Pick<FoundFile, 'name'>): boolean {
  return NAMES.has(posix.basename(name));
}

/** The kustomizations to build. */
export async function overlaysAmong(files: readonly FoundFile[], signal: AbortSignal): Promise<readonly Overlay[]> {
  const parsed = new Map<string, { readonly file: FoundFile; readonly value: RawObject }>();
  for (const file of files.filter(isKustomization)) {
    const value = await readKustomization(file, signal);
    if (value !== undefined) parsed.set(file.name, { file, value });
  }
  const known = new Set(files.map(({ name }) => name));
  const byFolder = new Map([...parsed.keys()].map((name) => [posix.dirname(name), name]));
  const direct = new Map([...parsed].map(([name, { value }]) => [name, pathsIn(value).map((path) => posix.join(posix.dirname(name), path)).flatMap((path) => byFolder.get(path) ?? (known.has(path) ? path : []))]));
  const inner = new Set([...direct.values()].flat());
  return [...parsed].flatMap(([name, { file, value }]) => (inner.has(name) || textAt(value, 'kind') === 'Component' ? [] : [{ file, takesIn: reached(name, direct) }]));
}

/** Undefined for what only has the name of one: Flux calls something else the same. */
async function readKustomization({ path }: FoundFile, signal: AbortSignal): Promise<RawObject | undefined> {
  const decoded = await readText(openFile(path, signal));
  signal.throwIfAborted();
  const [document] = 'reason' in decoded ? [] : splitDocuments(decoded.text);
  const parsed = document === undefined ? undefined : parseDocument(document);
  if (parsed === undefined || 'reason' in parsed || !isObject(parsed.value)) return undefined;
  const apiVersion = textAt(parsed.value, 'apiVersion');
  return apiVersion === undefined || apiVersion.startsWith(API_GROUP) ? parsed.value : undefined;
}

/** Paths of the objects and patches that a kustomization names. */
function pathsIn(value: RawObject): readonly string[] {
  const entries = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'patches', 'patchesJson6902'].flatMap((field) => (Array.isArray(value[field]) ? (value[field] as readonly unknown[]) : []));
  return entries.flatMap((entry) => (typeof entry === 'string' ? entry : isObject(entry) ? (textAt(entry, 'path') ?? []) : [])).map((path) => path.replace(/(?<=.)\/$/, ''));
}

function reached(start: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [...(direct.get(start) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    open.push(...(direct.get(name) ?? []));
  }
  return names;
}

/** Builds a kustomization, without what is elsewhere: neither remote bases nor charts nor files outside its folder. */
export function runKustomize({ name, path }: KustomizeTool, { file }: Overlay, options: Omit<RunOptions, 'reasonOf'>): Promise<Outcome> {
  return runTool(path, [name === 'kubectl' ? 'kustomize' : 'build', resolve(dirname(file.path))], { ...options, reasonOf });
}

function reasonOf(complaint: string): string {
  if (complaint.includes('--enable-helm')) return 'it renders charts of Helm, which is not done here';
  if (/no 'git' program|https?:\/\/|ssh:\/\//.test(complaint)) return 'it takes in something from the network, which is not fetched';
  const [, path, folder] = /file '([^'\n]+)' is not in or below '([^'\n]+)'/.exec(complaint) ?? [];
  if (path !== undefined && folder !== undefined) return `it takes in the file ${quoted(relative(folder, path))} from outside its folder, which kustomize does not allow`;
  return 'kustomize fails; kustomize build shows why';
}
