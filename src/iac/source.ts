import { knownKind, type Kind } from '#src/model/kinds.ts';
import { textAt, type Step } from '#src/model/raw.ts';
import type { ObjectSource, SourcedObject } from '#src/model/source.ts';
import type { KubernetesVersion } from '#src/model/version.ts';
import type { ManifestObject } from './manifest.ts';

/** Objects handed over at once; the event loop runs in between, so that a scan of many can be stopped. */
const PAGE_SIZE = 500;

/** Where an object of a file stands: what this source gives as `origin`. */
export class FilePlace {
  readonly file: string;
  /** Number of the document in the file, from 1. */
  readonly document: number;
  /** The line of the deepest written part of a path of the object, from 1. */
  readonly lineOf: (path: readonly Step[]) => number;

  constructor(file: string, { document, lineOf }: ManifestObject) {
    this.file = file;
    this.document = document;
    this.lineOf = lineOf;
  }
}

/** The objects of one file. `name` is how the file is printed. */
export interface FileObjects {
  readonly name: string;
  readonly objects: readonly ManifestObject[];
}

/**
 * Files as one cluster.
 *
 * It is never complete: what the files do not hold may well be in the cluster that they are applied to.
 */
export function fileSource(files: Iterable<FileObjects>, version: KubernetesVersion): ObjectSource {
  const byKind = new Map<Kind, SourcedObject[]>();
  for (const { name, objects } of files) {
    for (const found of objects) {
      const kind = knownKind(textAt(found.object, 'apiVersion') ?? '', textAt(found.object, 'kind') ?? '');
      if (kind === undefined) continue;
      const sourced = { object: found.object, origin: new FilePlace(name, found) };
      const known = byKind.get(kind);
      if (known === undefined) byKind.set(kind, [sourced]);
      else known.push(sourced);
    }
  }
  return {
    version,
    async *list(kind, signal) {
      const mine = byKind.get(kind) ?? [];
      for (let start = 0; start < mine.length; start += PAGE_SIZE) {
        if (start > 0) await turn();
        signal.throwIfAborted();
        yield mine.slice(start, start + PAGE_SIZE);
      }
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
