import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { GITLAB_PIPELINE, pipelineHost, WORKFLOWS } from '#src/model/pipeline.ts';

/** Kustomize also reads a file without an ending. */
const MANIFEST = /\.(?:ya?ml|json)$|(?:^|\/)Kustomization$/i;
const TERRAFORM = /\.(?:tf|tfvars)(?:\.json)?$/i;

/** A file to look at. */
export interface FoundFile {
  /** How it is printed: as given plus the part below it, with `/`. */
  readonly name: string;
  /** How it is opened. */
  readonly path: string;
  readonly format: FileFormat;
  /** Of a pipeline: its name below the root of the repository. */
  readonly pipeline?: string;
}

export type FileFormat = 'manifest' | 'terraform' | 'pipeline' | 'events';

/** What a file below a folder is by its name; undefined for one that is not looked at. */
export type FormatOf = (name: string) => FileFormat | undefined;

/** What was found under some paths. */
export interface FoundFiles {
  /** In byte order of their names; a file that is reached twice is there once. */
  readonly files: readonly FoundFile[];
  /** What could not be looked at, with the reason. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
  /** Given paths at which there is nothing. */
  readonly missing: readonly string[];
  /** Links that lead out of the folder they were found in, and were not followed. */
  readonly linksLeft: readonly string[];
}

interface Walk {
  readonly formatOf: FormatOf;
  readonly files: Map<string, FoundFile>;
  readonly folders: Set<string>;
  readonly unreadable: { name: string; reason: string }[];
  readonly linksLeft: string[];
}

/** A link is looked at after everything that is reached without one, so that a file keeps its own name. */
interface Link {
  readonly name: string;
  readonly path: string;
}

/**
 * Finds the manifests and Terraform files under files and folders.
 *
 * Folders are looked through to the bottom, without hidden entries. Of their files only those whose name ends like a manifest's or
 * Terraform's count; a file that is given itself counts whatever its name. Links are followed while they stay in the given folder.
 */
export async function findFiles(paths: readonly string[], formatOf: FormatOf = formatOfCode): Promise<FoundFiles> {
  const walk: Walk = { formatOf, files: new Map(), folders: new Set(), unreadable: [], linksLeft: [] };
  const missing: string[] = [];
  for (const path of paths) {
    const name = posix.normalize(path.replaceAll(sep, '/')).replace(/(?<=.)\/$/, '');
    const kind = await kindOf(path);
    if (kind === 'missing') missing.push(path);
    else if (kind === 'closed') walk.unreadable.push({ name, reason: 'no permission to look there' });
    else if (kind === 'folder') await walkTree(walk, name, path);
    else addFile(walk, { name, path, format: formatOf(name) ?? 'manifest' }, await realpath(path).catch(() => path));
  }
  return { files: [...walk.files.values()].sort((a, b) => compareBytes(a.name, b.name)), unreadable: walk.unreadable, missing, linksLeft: walk.linksLeft };
}

async function walkTree(walk: Walk, name: string, path: string): Promise<void> {
  const root = await realpath(path);
  const links: Link[] = [];
  await walkFolder(walk, name === '.' ? '' : name, path, root, links);
  // Links lead to folders with more links, so the list grows while it is gone through.
  for (const link of links) await follow(walk, link, root, links);
  if (walk.formatOf === formatOfCode) await addPipelines(walk, name === '.' ? '' : name, path, root);
}

/** Pipelines are hidden, and only run from below the root of a repository. */
async function addPipelines(walk: Walk, name: string, path: string, root: string): Promise<void> {
  const workflows = await readdir(join(path, WORKFLOWS)).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') walk.unreadable.push({ name: posix.join(name, WORKFLOWS), reason: 'this folder cannot be listed' });
    return [];
  });
  for (const below of [GITLAB_PIPELINE, ...workflows.map((file) => `${WORKFLOWS}/${file}`)]) {
    const found = await lstat(join(path, below)).catch(() => undefined);
    if (found?.isFile() && pipelineHost(below) !== undefined) addFile(walk, { name: posix.join(name, below), path: join(path, below), format: 'pipeline', pipeline: below }, join(root, below));
  }
}

async function walkFolder(walk: Walk, name: string, path: string, real: string, links: Link[]): Promise<void> {
  if (walk.folders.has(real)) return;
  walk.folders.add(real);
  let entries: readonly Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch {
    walk.unreadable.push({ name: name === '' ? '.' : name, reason: 'this folder cannot be listed' });
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const below = { name: name === '' ? entry.name : posix.join(name, entry.name), path: join(path, entry.name) };
    if (entry.isSymbolicLink()) links.push(below);
    else if (entry.isDirectory()) await walkFolder(walk, below.name, below.path, join(real, entry.name), links);
    else if (entry.isFile()) addNamed(walk, below, join(real, entry.name));
  }
}

async function follow(walk: Walk, link: Link, root: string, links: Link[]): Promise<void> {
  const named = walk.formatOf(link.name) !== undefined;
  const target = await realpath(link.path).catch(() => undefined);
  const kind = target === undefined ? 'missing' : await kindOf(target);
  if (kind !== 'folder' && !named) return;
  if (target === undefined || kind === 'missing') walk.unreadable.push({ name: link.name, reason: 'a link that leads nowhere' });
  else if (!isWithin(target, root)) walk.linksLeft.push(link.name);
  else if (kind === 'folder') await walkFolder(walk, link.name, link.path, target, links);
  else if (kind === 'file') addNamed(walk, link, target);
}

/** Of two paths without links. */
export function isWithin(target: string, root: string): boolean {
  return target === root || target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function addNamed(walk: Walk, file: Link, real: string): void {
  const format = walk.formatOf(file.name);
  if (format !== undefined) addFile(walk, { ...file, format }, real);
}

function addFile(walk: Walk, file: FoundFile, real: string): void {
  if (!walk.files.has(real)) walk.files.set(real, file);
}

export function formatOfCode(name: string): FileFormat | undefined {
  return TERRAFORM.test(name) ? 'terraform' : MANIFEST.test(name) ? 'manifest' : undefined;
}

/** `special`: a pipe, a device or a socket. */
async function kindOf(path: string): Promise<'folder' | 'file' | 'special' | 'missing' | 'closed'> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'special';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'closed' : 'missing';
  }
}

/** In which order files are looked at, whatever the locale. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
