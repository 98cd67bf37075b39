import { readFileSync } from 'node:fs';
import type { GroupResource } from './status.ts';

/** One entry of a group version's discovery list. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly storageVersionHash?: string;
  /** Where a subresource takes or gives another kind. */
  readonly group?: string;
  readonly version?: string;
}

interface ApiGroup {
  readonly name: string;
  readonly versions: readonly { readonly groupVersion: string; readonly version: string }[];
  readonly preferredVersion: { readonly groupVersion: string; readonly version: string };
}

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** Where a custom resource's value stands. */
  readonly path?: string;
}

interface ApiData {
  readonly version: Readonly<Record<string, string>>;
  readonly groups: readonly ApiGroup[];
  readonly resources: Readonly<Record<string, readonly ApiResource[]>>;
  readonly columns: Readonly<Record<string, readonly TableColumn[]>>;
}

/** A resource in one version of its group. */
export interface Resource extends GroupResource {
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Resources that are one store behind two groups share this name. */
  readonly store: string;
  readonly isCustom: boolean;
  readonly columns: readonly TableColumn[];
  readonly subresources: ReadonlyMap<string, ApiResource>;
}

/** Which resources are served. Custom ones come and go. */
export interface Catalog {
  readonly version: Readonly<Record<string, string>>;
  readonly groups: () => readonly ApiGroup[];
  /** The discovery list of a group version, if it is served. */
  readonly list: (apiVersion: string) => readonly ApiResource[] | undefined;
  readonly find: (group: string, version: string, resource: string) => Resource | undefined;
  readonly ofKind: (apiVersion: string, kind: string) => Resource | undefined;
  /** Every resource that can be stored, once, in the version that is stored. */
  readonly stored: () => readonly Resource[];
  /** The resource of a store, in the version that is stored. */
  readonly ofStore: (store: string) => Resource | undefined;
  readonly add: (apiVersion: string, entries: readonly ApiResource[], columns: readonly TableColumn[]) => void;
  readonly remove: (apiVersion: string, name: string) => void;
}

const DATA = JSON.parse(readFileSync(new URL('data/api.json', import.meta.url), 'utf8')) as ApiData;
const SHARED_STORES: Readonly<Record<string, string>> = { 'events.events.k8s.io': 'events' };
/** Versions whose objects are kept in another version of their group or of another group. */
const CONVERTED = ['events.k8s.io/v1', 'autoscaling/v1'];
const CUSTOM_COLUMNS: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Age', type: 'date', format: '', description: '', priority: 0 },
];

export function createCatalog(): Catalog {
  const groups = new Map(DATA.groups.map((group) => [group.name, group]));
  const lists = new Map(Object.entries(DATA.resources));
  const resources = new Map<string, Resource>();
  const kinds = new Map<string, Resource>();
  const stores = new Map<string, Resource>();

  function register(apiVersion: string, columns: readonly TableColumn[] | undefined): void {
    const entries = lists.get(apiVersion) ?? [];
    for (const entry of entries) {
      if (entry.name.includes('/')) continue;
      const resource = toResource(apiVersion, entry, entries, columns);
      resources.set(`${apiVersion}/${entry.name}`, resource);
      kinds.set(`${apiVersion}/${entry.kind}`, resource);
      if (entry.verbs.includes('list') && !CONVERTED.includes(apiVersion)) stores.set(resource.store, resource);
    }
  }

  for (const apiVersion of lists.keys()) register(apiVersion, undefined);
  return {
    version: DATA.version,
    groups: () => [...groups.values()],
    list: (apiVersion) => lists.get(apiVersion),
    find: (group, version, resource) => resources.get(`${group === '' ? version : `${group}/${version}`}/${resource}`),
    ofKind: (apiVersion, kind) => kinds.get(`${apiVersion}/${kind}`),
    stored: () => [...stores.values()],
    ofStore: (store) => stores.get(store),
    add(apiVersion, entries, columns) {
      const names = new Set(entries.map(({ name }) => name));
      lists.set(apiVersion, [...(lists.get(apiVersion) ?? []).filter(({ name }) => !names.has(name)), ...entries]);
      const [name = '', version = ''] = apiVersion.split('/');
      const known = groups.get(name)?.versions.filter((entry) => entry.version !== version) ?? [];
      const added = { groupVersion: apiVersion, version };
      groups.set(name, { name, versions: [...known, added], preferredVersion: known[0] ?? added });
      register(apiVersion, columns);
    },
    remove(apiVersion, name) {
      const rest = (lists.get(apiVersion) ?? []).filter((entry) => entry.name !== name && !entry.name.startsWith(`${name}/`));
      const gone = resources.get(`${apiVersion}/${name}`);
      resources.delete(`${apiVersion}/${name}`);
      if (gone !== undefined) {
        kinds.delete(`${apiVersion}/${gone.kind}`);
        stores.delete(gone.store);
      }
      lists.set(apiVersion, rest);
      if (rest.length > 0) return;
      lists.delete(apiVersion);
      const [group = '', version = ''] = apiVersion.split('/');
      const versions = groups.get(group)?.versions.filter((entry) => entry.version !== version) ?? [];
      const [first] = versions;
      if (first === undefined) groups.delete(group);
      else groups.set(group, { name: group, versions, preferredVersion: first });
    },
  };
}

function toResource(apiVersion: string, entry: ApiResource, entries: readonly ApiResource[], columns: readonly TableColumn[] | undefined): Resource {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const qualifiedName = group === '' ? entry.name : `${entry.name}.${group}`;
  const below = entries.filter(({ name }) => name.startsWith(`${entry.name}/`));
  return {
    group,
    version,
    apiVersion,
    resource: entry.name,
    kind: entry.kind,
    singular: entry.singularName,
    namespaced: entry.namespaced,
    verbs: entry.verbs,
    store: SHARED_STORES[qualifiedName] ?? qualifiedName,
    isCustom: columns !== undefined,
    columns: columns ?? DATA.columns[`${apiVersion}/${entry.name}`] ?? CUSTOM_COLUMNS,
    subresources: new Map(below.map((subresource) => [subresource.name.slice(entry.name.length + 1), subresource])),
  };
}
