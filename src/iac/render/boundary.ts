import { opendir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from '../files.ts';

/** An honest chart has some hundred. */
const MAX_ENTRIES = 100_000;

/** The folders that a scan was asked to look at; nothing outside of them is rendered. */
export interface Boundary {
  /** Whether a path, once all its links are followed, is in one of them. Undefined when there is nothing. */
  readonly holds: (path: string) => Promise<boolean | undefined>;
}

/** Of a file that was given itself, it is the folder that it is in. */
export async function boundaryOf(paths: readonly string[]): Promise<Boundary> {
  const folders: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) folders.push(await realpath(found.isDirectory() ? path : dirname(path)));
  }
  return {
    async holds(path) {
      const real = await realpath(path).catch(() => undefined);
      return real === undefined ? undefined : folders.some((folder) => isWithin(real, folder));
    },
  };
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
      if (entry.isSymbolicLink() && (await boundary.holds(below.path)) === false) return `${below.name} is a link that leads out of the scanned folder`;
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(below.path)))) open.push(below);
    }
  }
  return undefined;
}

/** False for a link that leads nowhere. */
async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
