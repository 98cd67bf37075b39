import type { Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '#src/model/command.ts';
import { MOST_NODE_FILES, type NodeFile, type NodeFileName, type UnseenReason } from '#src/model/node-files.ts';
import { locate, whyUnseen } from './locate.ts';
import { LOCATIONS, type Location } from './locations.ts';

/** Every node has them: where they are not, no node is. */
const NODE_FOLDERS = ['/etc', '/var/lib'];
/** Of folders in the folder of certificates. */
const DEEPEST = 4;
const LONGEST_NAME = 200;
const HIDES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u;
/** Each location has room to say that there was none. */
const ROOM = MOST_NODE_FILES - LOCATIONS.length;

/** Modes and owners of the files of the node that is below `root`. Nothing of what is in files is read. @throws {UsageError} when no node is there. */
export async function lookAtNodeFiles(root: string, signal: AbortSignal): Promise<readonly NodeFile[]> {
  for (const folder of NODE_FOLDERS) {
    const located = await locate(root, folder);
    if (located.state !== 'seen' || !located.stats.isDirectory()) throw new UsageError(`There is no node below ${root}: it has no ${folder}. Mount the folders of the node there.`);
  }
  const found: NodeFile[] = [];
  let used = 0;
  for (const location of LOCATIONS) {
    for await (const file of filesAt(root, location)) {
      signal.throwIfAborted();
      if (used >= ROOM) {
        found.push({ file: location.file, path: location.path, unseen: 'there are more files than a report holds' });
        break;
      }
      found.push(file);
      used += 1;
    }
  }
  return found;
}

async function* filesAt(root: string, { file, path, inside }: Location): AsyncGenerator<NodeFile> {
  if (inside === undefined) yield* fileAt(root, file, path);
  else yield* filesIn(root, { file, path, isTree: inside === 'tree', depth: 0, seen: new Set() });
}

async function* fileAt(root: string, file: NodeFileName, path: string): AsyncGenerator<NodeFile> {
  const located = await locate(root, path);
  if (located.state === 'seen') yield seenFile(file, path, located.stats);
  else if (located.state === 'unseen') yield { file, path, unseen: located.reason };
}

interface Folder {
  readonly file: NodeFileName;
  readonly path: string;
  readonly isTree: boolean;
  readonly depth: number;
  /** Paths without links of the folders that were gone through. */
  readonly seen: Set<string>;
}

async function* filesIn(root: string, folder: Folder): AsyncGenerator<NodeFile> {
  const { file, path, isTree, seen } = folder;
  const located = await locate(root, path);
  if (located.state === 'unseen') yield { file, path, unseen: located.reason };
  if (located.state !== 'seen' || seen.has(located.real)) return;
  if (isTree) yield seenFile(file, path, located.stats);
  if (!located.stats.isDirectory()) return;
  seen.add(located.real);
  const { names, unseen } = await namesIn(join(root, located.real));
  if (unseen !== undefined) yield { file, path, unseen };
  for (const name of names) {
    if (name.length > LONGEST_NAME || HIDES.test(name)) yield { file, path, unseen: 'the name of something in it is no plain text' };
    else yield* entryOf(root, folder, `${path}/${name}`);
  }
}

async function* entryOf(root: string, folder: Folder, path: string): AsyncGenerator<NodeFile> {
  const { file, isTree, depth } = folder;
  const located = await locate(root, path);
  const name = isTree ? nameInTree(file, path) : file;
  if (located.state === 'unseen') yield { file: name, path, unseen: located.reason };
  if (located.state !== 'seen') return;
  if (!located.stats.isDirectory()) yield seenFile(name, path, located.stats);
  else if (isTree && depth < DEEPEST) yield* filesIn(root, { ...folder, path, depth: depth + 1 });
  else if (isTree) yield { file, path, unseen: 'it is too deep' };
}

/** Of the folder of certificates: keys and certificates are told from the rest by their names. */
function nameInTree(file: NodeFileName, path: string): NodeFileName {
  if (path.endsWith('.key')) return 'pki-key';
  return path.endsWith('.crt') ? 'pki-certificate' : file;
}

/** In the order of their letters. */
async function namesIn(place: string): Promise<{ readonly names: readonly string[]; readonly unseen?: UnseenReason }> {
  try {
    return { names: (await readdir(place)).sort() };
  } catch (error) {
    const unseen = whyUnseen(error);
    return { names: [], ...(unseen && { unseen }) };
  }
}

function seenFile(file: NodeFileName, path: string, stats: Stats): NodeFile {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { file, path, kind, mode: (stats.mode & 0o7777).toString(8).padStart(4, '0'), uid: stats.uid, gid: stats.gid };
}
