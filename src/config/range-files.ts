import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { readRangeList, type RangeList } from '#src/connections/range-list.ts';
import type { connectionsShape } from './connection-settings.ts';
import type { ConfigFault } from './faults.ts';

/** A group of ranges that a file names, with what it named when the configuration was loaded. */
export interface RangeFile {
  readonly cluster: string;
  readonly group: string;
  readonly path: string;
  readonly ranges: readonly string[];
  /** Of the file as it was read. */
  readonly stamp: string | undefined;
}

/** What Amazon publishes has two. */
const MOST_BYTES = 16 * 1024 ** 2;

/** The files that groups name, beside the configuration file unless their paths are whole. */
export function readRangeFiles(given: z.output<typeof connectionsShape> = [], configFile: string, faults: ConfigFault[]): readonly RangeFile[] {
  const read = new Map<string, { readonly stamp: string | undefined; readonly list: RangeList }>();
  return given.flatMap(({ cluster, groups = {} }, index) =>
    Object.entries(groups).flatMap(([group, source]): readonly RangeFile[] => {
      if (Array.isArray(source)) return [];
      const path = resolve(dirname(configFile), source.file);
      const { stamp, list } = read.get(path) ?? { stamp: stampOf(path), list: readRangeFile(path) };
      read.set(path, { stamp, list });
      if ('ranges' in list) return [{ cluster, group, path, ranges: list.ranges, stamp }];
      faults.push(...list.problems.map((problem) => ({ name: `connections[${index}].groups.${group}: ${path}`, problem })));
      return [];
    }),
  );
}

/** What the file names now. */
export function readRangeFile(path: string): RangeList {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { problems: ['is no file; name the file that lists the ranges'] };
    if (stat.size > MOST_BYTES) return { problems: [`is larger than ${MOST_BYTES / 1024 ** 2} MiB; write a list of the ranges that are needed`] };
    return readRangeList(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problems: ['is not written in UTF-8; save it as text'] };
    if (code === 'ENOENT') return { problems: ['is not there; paths begin at the folder of the configuration file'] };
    return { problems: [`cannot be read (${code ?? 'for an unknown reason'}); let the user that k8ssec runs as read it`] };
  }
}

/** Another text after each change of the file, as far as it can be told without reading it; undefined where it cannot be looked at. */
export function stampOf(path: string): string | undefined {
  try {
    // The time of the last change of anything, rights among it, which nobody can set.
    const { ino, size, ctimeMs } = statSync(path);
    return `${ino}/${size}/${ctimeMs}`;
  } catch {
    return undefined;
  }
}
