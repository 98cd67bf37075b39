import { isNodeEntry, MAP_USERS } from '#src/model/cloud-users.ts';
import type { Change, RemoveItem, SetText } from '#src/model/plan.ts';
import { textAt } from '#src/model/raw.ts';
import { byDanger, describeAddress, describePath, type ArgoAccountPath, type BindingPath, type CloudUserPath } from './access-path.ts';
import { withoutEntries } from './cloud-map.ts';
import { enabledField } from './other-paths.ts';
import type { JudgedPath } from './judged-path.ts';
import { notTouched } from './stays.ts';

/** The changes that take paths away, in their order, and what could not be taken away after all. */
export interface RemovalChanges {
  readonly changes: readonly Change[];
  /** Keys of the paths that each change takes away. */
  readonly parts: readonly (readonly string[])[];
  readonly removed: readonly JudgedPath[];
  readonly stays: readonly string[];
}

/** The most dangerous path first. Entries of one map are taken out by one change, because they are one text. */
export function changesOf(chosen: readonly JudgedPath[]): RemovalChanges {
  const [changes, removed, stays]: [{ readonly path: JudgedPath['path']; readonly keys: readonly string[]; readonly change: Change }[], JudgedPath[], string[]] = [[], [], []];
  const maps = new Map<string, (JudgedPath & { readonly path: CloudUserPath })[]>();
  for (const one of chosen) {
    const { path } = one;
    if (path.type === 'cloud-user') maps.set(path.address.cluster, [...(maps.get(path.address.cluster) ?? []), { ...one, path }]);
    else if (path.type === 'binding' || path.type === 'argo-account') {
      changes.push({ path, keys: [path.key], change: path.type === 'binding' ? withoutSubject(path) : switchedOff(path) });
      removed.push(one);
    }
  }
  for (const [cluster, entries] of maps) {
    const taken = entries.filter(({ path }) => !isNodeEntry(path.entry));
    const [first] = taken.toSorted((a, b) => byDanger(a.path, b.path));
    stays.push(...entries.filter((entry) => !taken.includes(entry)).map(({ path }) => notTouched(cluster, path, 'nodes sign in by it')));
    const change = first && withoutCloudUsers(first.path, taken.map(({ path }) => path));
    if (first === undefined) continue;
    if (change === undefined) stays.push(...taken.map(({ path }) => notTouched(cluster, path, 'the text of mapUsers is written so that only a person can take an entry out')));
    else {
      changes.push({ path: first.path, keys: taken.map(({ path }) => path.key), change });
      removed.push(...taken);
    }
  }
  const ordered = changes.toSorted((a, b) => byDanger(a.path, b.path));
  return { changes: ordered.map(({ change }) => change), parts: ordered.map(({ keys }) => keys), removed, stays };
}

function withoutSubject(path: BindingPath): RemoveItem {
  return { type: 'remove-item', address: path.address, text: describePath(path), path: ['subjects'], item: path.item, before: path.object };
}

function switchedOff({ address, account, enabled, object }: ArgoAccountPath): SetText {
  return { type: 'set-text', address, text: `account ${account} of Argo CD, switched off (${describeAddress(address)})`, path: ['data', enabledField(account)], previous: enabled, value: 'false', before: object };
}

function withoutCloudUsers({ address, object }: CloudUserPath, paths: readonly CloudUserPath[]): SetText | undefined {
  const previous = textAt(object, 'data', MAP_USERS) ?? '';
  const value = withoutEntries(previous, paths.map(({ entry }) => entry.index));
  const text = `${paths.map((path) => path.text).join('; ')} (${describeAddress(address)})`;
  return value === undefined ? undefined : { type: 'set-text', address, text, path: ['data', MAP_USERS], previous, value, before: object };
}
