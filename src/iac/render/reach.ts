import { realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isObject, type RawObject } from '#src/model/raw.ts';
import { splitDocuments } from '../documents.ts';
import { quoted } from '../fault.ts';
import { parseDocument } from '../parse-document.ts';
import { openFile, readText } from '../read.ts';
import { OUTSIDE, type Boundary } from './boundary.ts';

/** As kustomize looks for it in a folder. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;
const MAX_KUSTOMIZATIONS = 1000;
/** Kustomize fetches whatever a text names so, wherever it takes a file; in generators after the key of an entry. */
const ADDRESS = /(?:^|=)\s*(https?:.*)/i;
/** A repository, as git and kustomize write it. */
const REPOSITORY = /^(?:git::|(?:ssh|git|file):|[\w.-]+@[\w.-]+:|[\w-]+(?:\.[\w-]+)+[/:])|\?(?:ref|version|submodules|timeout)=/i;
/** Fields whose texts are never taken for a file. */
const PLAIN: ReadonlySet<string> = new Set(['commonAnnotations', 'commonLabels', 'labels', 'metadata', 'generatorOptions', 'options', 'literals', 'patch', 'helmCharts', 'helmChartInflationGenerator']);
const BASES: ReadonlySet<string> = new Set(['resources', 'bases', 'components']);
/** What these name is read for further files. */
const PLUGINS: ReadonlySet<string> = new Set(['generators', 'transformers', 'validators']);

/** Signals why a kustomization must not be built. */
class Breach extends Error {}

interface Visit {
  readonly boundary: Boundary;
  readonly signal: AbortSignal;
  readonly seen: Set<string>;
  readonly open: string[];
}

/**
 * Why building the kustomization of a folder would read something outside of the boundary, or fetch something; undefined when it would not.
 *
 * Kustomize fetches addresses of the machine itself past every proxy, so that no address may reach it.
 */
export async function reachOf(folder: string, boundary: Boundary, signal: AbortSignal): Promise<string | undefined> {
  const visit: Visit = { boundary, signal, seen: new Set(), open: [folder] };
  try {
    for (let next = visit.open.pop(); next !== undefined; next = visit.open.pop()) await visitFolder(next, visit);
    return undefined;
  } catch (error) {
    if (error instanceof Breach) return error.message;
    throw error;
  }
}

async function visitFolder(folder: string, visit: Visit): Promise<void> {
  const real = await realpath(folder);
  if (visit.seen.has(real)) return;
  visit.seen.add(real);
  if (visit.seen.size > MAX_KUSTOMIZATIONS) throw new Breach(`it takes in more than ${MAX_KUSTOMIZATIONS.toLocaleString('en-US')} others`);
  for (const name of KUSTOMIZATION_NAMES) {
    const path = join(real, name);
    const within = await visit.boundary.holds(path);
    if (within === undefined) continue;
    if (!within) throw outside(name);
    const values = await valuesIn(path, visit.signal);
    const [value] = values ?? [];
    if (values?.length !== 1 || !isObject(value)) throw new Breach(`${quoted(name)} of ${quoted(folder.split('/').at(-1) ?? '')} is not the one document that kustomize takes`);
    await visitFields(value, real, visit);
  }
}

async function visitFields(value: RawObject, folder: string, visit: Visit): Promise<void> {
  for (const [field, content] of Object.entries(value)) {
    // Kustomize takes large letters for small ones in the name of a field, and the long s for one, too.
    const name = field.toUpperCase().toLowerCase();
    for (const text of textsIn(PLAIN.has(field) ? undefined : content)) {
      await refuseOutside(text, folder, visit);
      await visitBase(text, folder, visit);
      if (BASES.has(name) && REPOSITORY.test(text) && (await kindOf(resolve(folder, text))) === undefined) throw fetched(text);
      if (PLUGINS.has(name)) await visitPlugin(text, folder, visit);
    }
  }
}

/** What has several lines is no name of a file and no address. */
async function refuseOutside(text: string, folder: string, { boundary }: Visit): Promise<void> {
  if (/[\n\0]/.test(text.trim())) return;
  const address = ADDRESS.exec(text)?.[1];
  if (address !== undefined) throw fetched(address);
  for (const path of new Set([text, text.slice(text.indexOf('=') + 1)])) if ((await boundary.holds(resolve(folder, path))) === false) throw outside(path);
}

async function visitBase(text: string, folder: string, { open }: Visit): Promise<void> {
  if ((await kindOf(resolve(folder, text))) === 'folder') open.push(resolve(folder, text));
}

/** A file with the settings of plugins, or those settings themselves. */
async function visitPlugin(text: string, folder: string, visit: Visit): Promise<void> {
  const path = resolve(folder, text);
  const found = await kindOf(path);
  if (found === 'folder') throw new Breach(`its plugins come from another kustomization, ${quoted(text)}, which is not followed`);
  const values = found === undefined ? parsed(text) : await valuesIn(path, visit.signal);
  if (values === undefined) throw new Breach(`its plugins in ${quoted(text)} cannot be read`);
  for (const setting of values.flatMap((value) => [...textsIn(value)])) await refuseOutside(setting, folder, visit);
}

/** Undefined when there is nothing, as at the name that a text of several lines would be. */
async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  const found = path.includes('\0') ? undefined : await stat(path).catch(() => undefined);
  return found === undefined ? undefined : found.isDirectory() ? 'folder' : 'file';
}

/** Without what may be a secret. */
function fetched(address: string): Breach {
  return new Breach(`it takes in ${quoted(address.replace(/[?#].*/s, '').replace(/^([a-z+]+:\/\/)?[^/]*@/i, '$1'))}, and nothing is fetched`);
}

function outside(path: string): Breach {
  return new Breach(`it takes in ${quoted(path)}, which ${OUTSIDE}`);
}

/** Undefined when it cannot be read, or not all of it. */
async function valuesIn(path: string, signal: AbortSignal): Promise<readonly unknown[] | undefined> {
  const decoded = await readText(openFile(path, signal));
  signal.throwIfAborted();
  return 'reason' in decoded ? undefined : parsed(decoded.text);
}

function parsed(text: string): readonly unknown[] | undefined {
  const values: unknown[] = [];
  for (const document of splitDocuments(text)) {
    const result = parseDocument(document);
    if ('reason' in result) return undefined;
    values.push(result.value);
  }
  return values;
}

/** All texts in a value, without those in fields that never name a file. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const entry of value) yield* textsIn(entry);
  else if (isObject(value)) for (const [field, content] of Object.entries(value)) if (!PLAIN.has(field)) yield* textsIn(content);
}
