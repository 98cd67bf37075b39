import { opendir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from '../files.ts';

/** An honest chart has some hundred. */
const MAX_ENTRIES = 100_000;

/** How a reason ends for what a boundary does not hold. */
export const OUTSIDE = 'leads out of the scanned folder and its git repository; scan the folder that holds both';

/** The folders that rendering may read of. */
export interface Boundary {
  /** Whether a path, once all its links are followed, is in one of them. Undefined when there is nothing. */
  readonly holds: (path: string) => Promise<boolean | undefined>;
}

/**
 * The work trees of git that the given folders are in, because an overlay and its base are beside each other there, and the folder itself where there is none.
 *
 * Of a file that was given itself, it is the folder that it is in. No folder below a given one decides, since anybody may have written it.
 */
export async function boundaryOf(paths: readonly string[]): Promise<Boundary> {
  const folders: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) folders.push(await workTreeOf(await realpath(found.isDirectory() ? path : dirname(path))));
  }
  return {
    async holds(path) {
      const real = await realpath(path).catch(() => undefined);
      return real === undefined ? undefined : folders.some((folder) => isWithin(real, folder));
    },
  };
}

/** The nearest folder with the repository of git, or with the file that says where it is; without one, the given folder. */
async function workTreeOf(given: string): Promise<string> {
  for (let folder = given; ; folder = dirname(folder)) {
    if ((await stat(join(folder, '.git')).catch(() => undefined)) !== undefined) return folder;
    if (folder === dirname(folder)) return given;
  }
}

/** Why what a program reads of a folder is not all within the boundary; programs follow links, and look at hidden files, too. */
export async function breachIn(folder: string, boundary: Boundary, maxEntries = MAX_ENTRIES): Promise<string | undefined> {
  const open = [{ path: folder, name: '' }];
  const seen = new Set<string>();
  let entries = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const real = await realpath(next.path);
    if (seen.has(real)) continue;
    seen.add(real);
    for await (const entry of await opendir(real)) {
      entries += 1;
      if (entries > maxEntries) return `its folder holds more than ${maxEntries.toLocaleString('en-US')} files`;
      const below = { path: join(real, entry.name), name: join(next.name, entry.name) };
      if (entry.isSymbolicLink() && (await boundary.holds(below.path)) === false) return `${below.name} is a link that ${OUTSIDE}`;
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(below.path)))) open.push(below);
    }
  }
  return undefined;
}

/** False for a link that leads nowhere. */
async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
