import type { Catalog } from '../catalog.ts';
import { toVersion } from '../conversions.ts';
import { keyOf, type KubeObject } from '../object.ts';
import { notFound, versionTooLarge } from '../status.ts';
import type { Store } from '../store/store.ts';
import { tableOf } from '../table/table.ts';
import { answer, userAgentOf, type Answer, type ResourceCall } from './call.ts';
import { negotiate, type Form } from './negotiate.ts';
import { readPage, readVersion, type ListWish } from './paging.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import { itemText } from './serialize.ts';

/** What reading needs of the cluster. */
export interface Reader {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly now: () => Date;
}

export function wishOf({ resource, info, query }: ResourceCall): ListWish {
  const [labels, fields] = [labelSelector(query.get('labelSelector') ?? ''), fieldSelector(query.get('fieldSelector') ?? '', resource)];
  return {
    resource,
    namespace: info.namespace,
    selects: (object) => labels(object) && fields(object),
    isSelective: (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '',
    query,
  };
}

export function readObjectOf({ resource, info }: ResourceCall, { store }: Reader): KubeObject {
  const found = store.get(resource.store, keyOf(resource.namespaced ? info.namespace : '', info.name));
  if (found === undefined) throw notFound(resource, info.name);
  return found;
}

/** The object for a GET, which may ask for a version that has to be there. @throws Failure */
export function readForGet(call: ResourceCall, reader: Reader): KubeObject {
  const asked = call.query.get('resourceVersion') ?? '';
  if (asked !== '' && readVersion(asked) > reader.store.revision()) throw versionTooLarge(asked, reader.store.revision());
  return readObjectOf(call, reader);
}

/** One object in the form that the client asked for. */
export function showObject(object: KubeObject, call: ResourceCall, reader: Reader, status = 200): Answer {
  const { resource, query, headers } = call;
  const form = negotiate(headers.accept, false, query, userAgentOf(headers));
  const versioned = toVersion(object, resource);
  if (form.as === 'metadata') return answer(metadataOnly(versioned, form), status);
  if (form.as === 'table') {
    const { resourceVersion = '' } = object.metadata;
    return answer(tableOf([versioned], resource, { resourceVersion }, includeObject(call), form.version, reader.now()), status);
  }
  return answer(ordered(versioned), status);
}

/** Objects written by people come in any order; the server's own begins with what they are. */
function ordered({ kind, apiVersion, ...rest }: KubeObject): object {
  return { kind, apiVersion, ...rest };
}

export function metadataOnly({ metadata }: KubeObject, { version }: Form): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata };
}

export function includeObject({ query }: ResourceCall): string {
  return query.get('includeObject') ?? 'Metadata';
}

/** A list in the form that the client asked for. */
export function showList(call: ResourceCall, reader: Reader, expireTokens: boolean): Answer {
  const { resource, query, headers } = call;
  const form = negotiate(headers.accept, true, query, userAgentOf(headers));
  const { items, metadata } = readPage(wishOf(call), reader.store, expireTokens);
  if (form.as === 'table') {
    const versioned = items.map((item) => toVersion(item, resource));
    return answer(tableOf(versioned, resource, metadata, includeObject(call), form.version, reader.now()));
  }
  if (form.as === 'metadata') {
    const list = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${form.version}`, metadata };
    // The real server has no list here rather than an empty one.
    return answer({ ...list, items: items.length === 0 ? null : items.map((item) => metadataOnly(item, form)) });
  }
  const head = JSON.stringify({ kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata });
  const text = `${head.slice(0, -1)},"items":[${items.map((item) => itemText(item, resource)).join(',')}]}\n`;
  return form.isPretty || form.format === 'yaml' ? answer(JSON.parse(text) as object) : { status: 200, text, contentType: 'application/json' };
}
