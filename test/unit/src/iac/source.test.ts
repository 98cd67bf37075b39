import { describe, expect, test } from '@jest/globals';
import { readManifest } from '#src/iac/manifest.ts';
import { FilePlace, fileSource, type FileObjects } from '#src/iac/source.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { SourcedObject } from '#src/model/source.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';

const { signal } = new AbortController();

function file(name: string, text: string): FileObjects {
  return { name, objects: readManifest(text).objects };
}

function podsOf(count: number): FileObjects {
  return file('pods.yaml', Array.from({ length: count }, (_, index) => `apiVersion: v1\nkind: Pod\nmetadata: { name: p${index} }\n`).join('---\n'));
}

async function listed(files: readonly FileObjects[], kind: Kind): Promise<readonly (readonly SourcedObject[])[]> {
  const pages: (readonly SourcedObject[])[] = [];
  for await (const page of fileSource(files, NEWEST_KNOWN).list(kind, signal)) pages.push(page);
  return pages;
}

describe('src/iac/source.ts', () => {
  test('lists the objects of one kind over all files, in their order', async () => {
    const files = [file('b.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: b }\n---\napiVersion: v1\nkind: Service\n'), file('a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n')];

    const [page = []] = await listed(files, 'Pod');

    expect(page.map(({ object, origin }) => [object.metadata, (origin as FilePlace).file])).toEqual([
      [{ name: 'b' }, 'b.yaml'],
      [{ name: 'a' }, 'a.yaml'],
    ]);
  });

  test('takes old groups of a kind for it, and those of other projects not', async () => {
    const files = [file('a.yaml', 'apiVersion: extensions/v1beta1\nkind: Deployment\n---\napiVersion: serving.knative.dev/v1\nkind: Service\n')];

    expect((await listed(files, 'Deployment')).flat()).toHaveLength(1);
    expect((await listed(files, 'Service')).flat()).toHaveLength(0);
  });

  test('tells where an object stands', async () => {
    const [[sourced] = []] = await listed([file('a.yaml', 'a: 1\n---\napiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n')], 'Pod');
    const place = sourced?.origin as FilePlace;

    expect(place).toBeInstanceOf(FilePlace);
    expect([place.file, place.document, place.lineOf(['spec', 'hostPID'])]).toEqual(['a.yaml', 2, 6]);
  });

  test('gives pages, and stops between them when it is told to', async () => {
    const stop = new AbortController();
    const seen: number[] = [];

    const reading = (async () => {
      for await (const page of fileSource([podsOf(1200)], NEWEST_KNOWN).list('Pod', stop.signal)) {
        seen.push(page.length);
        stop.abort(new Error('stopped'));
      }
    })();

    await expect(reading).rejects.toThrow('stopped');
    expect(seen).toEqual([500]);
  });

  test('gives all pages of many objects', async () => {
    expect((await listed([podsOf(1200)], 'Pod')).map((page) => page.length)).toEqual([500, 500, 200]);
  });

  test('never says that what it does not hold is not there', () => {
    expect(fileSource([], NEWEST_KNOWN).complete).toBeUndefined();
  });
});
