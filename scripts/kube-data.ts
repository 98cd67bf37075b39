import { mkdirSync, writeFileSync } from 'node:fs';
import { withGoTypes } from './kube-data/go-types.ts';
import { reader } from './kube-data/reader.ts';
import { compactSchemas, type OpenApi } from './kube-data/schemas.ts';
import { shippedObjects } from './kube-data/shipped.ts';

// Writes what the sandbox's API server knows of Kubernetes, read from a real API server that nobody has used yet.
// Needed once per Kubernetes version: `node --conditions=source scripts/kube-data.ts KUBECONFIG GO_MODULES`, where GO_MODULES has
// k8s.io's modules api, apimachinery, apiextensions-apiserver and kube-aggregator of that version.
const [kubeconfig, goModules] = process.argv.slice(2);
if (kubeconfig === undefined || goModules === undefined) throw new Error('usage: node --conditions=source scripts/kube-data.ts KUBECONFIG GO_MODULES');

const FOLDER = new URL('../src/sandbox/kube/data/', import.meta.url);
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

interface ApiGroups {
  readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly groupVersion: string }[] }[];
}

interface ApiResources {
  readonly groupVersion: string;
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

const read = reader(kubeconfig);

async function discovery(): Promise<Readonly<Record<string, ApiResources['resources']>>> {
  const { groups } = (await read('/apis')) as ApiGroups;
  const paths = ['/api/v1', ...groups.flatMap((group) => group.versions.map((version) => `/apis/${version.groupVersion}`))];
  const lists = await Promise.all(paths.map(async (path) => (await read(path)) as ApiResources));
  return Object.fromEntries(lists.map((list) => [list.groupVersion, list.resources]));
}

function root(groupVersion: string): string {
  return groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
}

/** What `kubectl get` shows of each resource, keyed by `group/version/resource`. */
async function columns(resources: Readonly<Record<string, ApiResources['resources']>>): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const [groupVersion, list] of Object.entries(resources)) {
    for (const resource of list) {
      if (!resource.verbs.includes('list')) continue;
      const table = (await read(`${root(groupVersion)}/${resource.name}?limit=1`, TABLE)) as { readonly columnDefinitions: unknown };
      found[`${groupVersion}/${resource.name}`] = table.columnDefinitions;
    }
  }
  return found;
}

function write(name: string, value: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(name, FOLDER), `${JSON.stringify(value)}\n`);
}

const resources = await discovery();
const documents = await Promise.all(Object.keys(resources).map(async (groupVersion) => (await read(`/openapi/v3${root(groupVersion)}`)) as OpenApi));
write('api.json', { version: await read('/version'), groups: ((await read('/apis')) as ApiGroups).groups, resources, columns: await columns(resources) });
write('schemas.json', withGoTypes(compactSchemas(documents), goModules));
write('shipped.json', await shippedObjects(read));
