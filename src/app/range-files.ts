import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '#src/config/config.ts';
import { readRangeFile, stampOf, type RangeFile } from '#src/config/range-files.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { Log } from '#src/model/log.ts';

/** Ranges of groups that stand in files, as these change. */
export interface FollowedRanges {
  /** The settings, whose groups have the ranges of now. */
  readonly connections: readonly ConnectionSettings[];
  /** Which groups of the cluster have older ranges than their files, and why. */
  readonly problems: (cluster: string) => readonly string[];
  /** Looks at all files once. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** Kubernetes brings a changed ConfigMap into a pod within two minutes. */
const LOOK_EVERY_MS = 10_000;

/**
 * Looks at the files every few seconds. A file is read when it has changed and stayed so for one look, since it may be half written before.
 * While what it names cannot be used, the last ranges go on.
 */
export function followRangeFiles({ connections, rangeFiles }: Pick<Config, 'connections' | 'rangeFiles'>, log: Log, lookEveryMs: number = LOOK_EVERY_MS): FollowedRanges {
  const groups = new Map(connections.map((settings) => [settings.cluster, settings.groups]));
  const files = rangeFiles.map((file) => ({ file, read: file.stamp, seen: file.stamp }));
  const wrong = new Map<RangeFile, string>();
  const use = ({ cluster, group }: RangeFile, ranges: readonly string[]): void => {
    const before = groups.get(cluster) ?? new Map<string, readonly string[]>();
    if (before.get(group)?.join() === ranges.join()) return;
    groups.set(cluster, new Map([...before, [group, ranges]]));
    log.info({ cluster, group, ranges: ranges.length }, 'the ranges of a group have changed and are used');
  };
  const readAnew = (file: RangeFile): void => {
    const list = readRangeFile(file.path);
    if ('ranges' in list) {
      wrong.delete(file);
      use(file, list.ranges);
      return;
    }
    const problem = list.problems.join('; ');
    wrong.set(file, problem);
    log.error({ cluster: file.cluster, group: file.group, path: file.path, problem }, 'the new ranges of a group cannot be used; the old ones go on');
  };
  const look = (): void => {
    for (const followed of files) {
      const stamp = stampOf(followed.file.path);
      const isSettled = stamp === followed.seen;
      followed.seen = stamp;
      if (!isSettled || stamp === followed.read) continue;
      followed.read = stamp;
      readAnew(followed.file);
    }
  };
  const stopping = new AbortController();
  const follow = async (): Promise<void> => {
    const isTime = () => wait(lookEveryMs, true, { signal: stopping.signal, ref: false }).catch(() => false);
    while (await isTime()) look();
  };
  if (files.length > 0) void follow();
  return {
    connections: connections.map((settings) => (rangeFiles.some(({ cluster }) => cluster === settings.cluster) ? withGroups(settings, () => groups.get(settings.cluster) ?? settings.groups) : settings)),
    problems: (cluster) => [...wrong].filter(([file]) => file.cluster === cluster).map(([{ group, path }, problem]) => `${group} still has its old ranges (${path}: ${problem})`),
    look,
    stop: () => stopping.abort(),
  };
}

function withGroups(settings: ConnectionSettings, groups: () => ConnectionSettings['groups']): ConnectionSettings {
  return {
    ...settings,
    get groups() {
      return groups();
    },
  };
}
