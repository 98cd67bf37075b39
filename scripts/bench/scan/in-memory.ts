import { kindInfo, type Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import type { GeneratedCluster } from './cluster.ts';

const PAGE_SIZE = 500;

/** The objects of a generated cluster without any network in between. */
export function inMemory({ podTexts, others }: GeneratedCluster): ObjectSource {
  return {
    version: NEWEST_KNOWN,
    complete: true,
    async *list(kind: Kind) {
      const objects = kind === 'Pod' ? parsed(podTexts()) : (others.get(kind) ?? []);
      const [group = ''] = kindInfo(kind).groups;
      const apiVersion = group === '' ? 'v1' : `${group}/v1`;
      for (const page of pagesOf(objects)) {
        yield page.map((object) => ({ object: { ...object, apiVersion, kind } }));
        await Promise.resolve();
      }
    },
  };
}

function* parsed(texts: Iterable<string>): Generator<RawObject> {
  for (const text of texts) yield JSON.parse(text) as RawObject;
}

function* pagesOf<T>(all: Iterable<T>): Generator<readonly T[]> {
  let page: T[] = [];
  for (const entry of all) {
    page.push(entry);
    if (page.length < PAGE_SIZE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
