import type { ApiResource, Catalog } from '../catalog.ts';
import { answer, type Answer, type Call } from './call.ts';
import { readMediaTypes } from './negotiate.ts';

const AGGREGATED_GROUP = 'apidiscovery.k8s.io';
const AGGREGATED_TYPE = `application/json;g=${AGGREGATED_GROUP};v=v2;as=APIGroupDiscoveryList`;

/** What the server serves, one group at a time or all at once; undefined for paths that are about something else. */
export function showDiscovery({ info, headers }: Call, catalog: Catalog, address: string): Answer | undefined {
  const parts = info.path.split('/').filter((part) => part !== '');
  const [root, group, version, ...rest] = parts;
  if (rest.length > 0) return undefined;
  if (root === 'api' && version === undefined) {
    if (group !== undefined) return group === 'v1' ? resourceList('v1', catalog) : undefined;
    if (wantsAggregated(headers.accept)) return aggregated(['v1'], catalog, () => ({}));
    return answer({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] });
  }
  if (root !== 'apis') return undefined;
  if (group === undefined) {
    if (wantsAggregated(headers.accept)) return allAggregated(catalog);
    return answer({ kind: 'APIGroupList', apiVersion: 'v1', groups: catalog.groups() });
  }
  if (version !== undefined) return resourceList(`${group}/${version}`, catalog);
  const found = catalog.groups().find(({ name }) => name === group);
  return found === undefined ? undefined : answer({ kind: 'APIGroup', apiVersion: 'v1', ...found });
}

function resourceList(apiVersion: string, catalog: Catalog): Answer | undefined {
  const resources = catalog.list(apiVersion);
  if (resources === undefined) return undefined;
  return answer({ kind: 'APIResourceList', ...(apiVersion !== 'v1' && { apiVersion: 'v1' }), groupVersion: apiVersion, resources });
}

function wantsAggregated(accept: string | undefined): boolean {
  const [first] = readMediaTypes(accept ?? '').filter(({ type }) => type === 'application/json');
  return first?.parameters.g === AGGREGATED_GROUP && first.parameters.v === 'v2';
}

function allAggregated(catalog: Catalog): Answer {
  const items = catalog.groups().map(({ name, versions }) => ({
    metadata: { name },
    versions: versions.map(({ groupVersion, version }) => ({ version, resources: discovered(catalog.list(groupVersion) ?? []), freshness: 'Current' })),
  }));
  return aggregatedAnswer(items);
}

function aggregated(versions: readonly string[], catalog: Catalog, metadataOf: () => object): Answer {
  return aggregatedAnswer([
    { metadata: metadataOf(), versions: versions.map((version) => ({ version, resources: discovered(catalog.list(version) ?? []), freshness: 'Current' })) },
  ]);
}

function aggregatedAnswer(items: readonly object[]): Answer {
  const text = `${JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: `${AGGREGATED_GROUP}/v2`, metadata: {}, items })}\n`;
  return { status: 200, text, contentType: AGGREGATED_TYPE };
}

function discovered(resources: readonly ApiResource[]): readonly object[] {
  const own = resources.filter(({ name }) => !name.includes('/'));
  return own.map((resource) => {
    const subresources = resources.filter(({ name }) => name.startsWith(`${resource.name}/`));
    const { shortNames, categories } = resource;
    return {
      resource: resource.name,
      responseKind: kindOf(resource),
      scope: resource.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: resource.singularName,
      verbs: resource.verbs,
      ...(shortNames && { shortNames }),
      ...(categories && { categories }),
      ...(subresources.length > 0 && {
        subresources: subresources.map((subresource) => ({
          subresource: subresource.name.slice(resource.name.length + 1),
          responseKind: kindOf(subresource),
          verbs: subresource.verbs,
        })),
      }),
    };
  });
}

function kindOf({ group = '', version = '', kind }: ApiResource): object {
  return { group, version, kind };
}
