import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnseenReason } from '#src/model/node-files.ts';

/** As Linux does it. */
const MOST_LINKS = 40;

/** What a path of a node leads to. */
export type Located =
  /** `real` is the path without links. */
  | { readonly state: 'seen'; readonly real: string; readonly stats: Stats }
  | { readonly state: 'absent' }
  | { readonly state: 'unseen'; readonly reason: UnseenReason };

/**
 * Follows a path of the node whose files are below `root`.
 *
 * Links are resolved here and not by the kernel, for which `/` would be the root of this process: a link never leads out of `root`.
 * One that leads to nothing may lead to what is not mounted below `root`, so that it is not taken for absent.
 */
export async function locate(root: string, path: string): Promise<Located> {
  const ahead = stepsOf(path, false);
  const here: string[] = [];
  let links = 0;
  let inLink = false;
  try {
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      inLink = next.inLink;
      if (next.name === '..') {
        here.pop();
        continue;
      }
      here.push(next.name);
      const place = join(root, ...here);
      if (!(await lstat(place)).isSymbolicLink()) continue;
      links += 1;
      if (links > MOST_LINKS) return { state: 'unseen', reason: 'too many links on the way' };
      const target = await readlink(place);
      if (target.startsWith('/')) here.length = 0;
      else here.pop();
      ahead.push(...stepsOf(target, true));
    }
    return { state: 'seen', real: `/${here.join('/')}`, stats: await lstat(join(root, ...here)) };
  } catch (error) {
    const reason = whyUnseen(error) ?? (inLink ? 'a link leads to what is not there, or not mounted' : undefined);
    return reason === undefined ? { state: 'absent' } : { state: 'unseen', reason };
  }
}

/** Why something could not be looked at; undefined where it is not there. Faults that are not of the file system are thrown. */
export function whyUnseen(error: unknown): UnseenReason | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  return code === 'EACCES' || code === 'EPERM' ? 'no permission to look there' : 'it cannot be read';
}

interface Step {
  readonly name: string;
  /** It is of what a link says, not of the path that was asked for. */
  readonly inLink: boolean;
}

/** The next one last. */
function stepsOf(path: string, inLink: boolean): Step[] {
  return path.split('/').filter((name) => name !== '' && name !== '.').reverse().map((name) => ({ name, inLink }));
}
