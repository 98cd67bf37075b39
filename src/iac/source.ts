import { knownKind, type Kind } from '#src/model/kinds.ts';
import type { RawObject, Step } from '#src/model/raw.ts';
import type { ObjectSource, SourcedObject } from '#src/model/source.ts';
import type { KubernetesVersion } from '#src/model/version.ts';
import type { ManifestObject } from './manifest.ts';

/** Objects handed over at once; the event loop runs in between, so that a scan of many can be stopped. */
const PAGE_SIZE = 500;

/** Where an object of a file stands: what this source gives as `origin`. */
export class FilePlace {
  readonly file: string;
  /** Number of the document in the file, from 1; absent in Terraform's language. */
  readonly document: number | undefined;
  /** The line of the deepest written part of a path of the object, from 1; of an object that was made from the file, in what was made. */
  readonly lineOf: (path: readonly Step[]) => number;
  private readonly writtenAt: number | undefined;

  constructor(file: string, { document, lineOf, writtenAt }: Pick<ManifestObject, 'lineOf'> & { readonly document: number | undefined; readonly writtenAt?: number | undefined }) {
    this.file = file;
    this.document = document;
    this.lineOf = lineOf;
    this.writtenAt = writtenAt;
  }

  /** The line of the file that a path of the object, or else the object, comes from. */
  lineInFile(path: readonly Step[]): number {
    return this.writtenAt ?? this.lineOf(path);
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
    for (const { document, address, writtenAt, makes = [], ...own } of objects) {
      for (const { object, lineOf } of [own, ...makes]) {
        const kind = kindOf(object);
        if (kind === undefined) continue;
        const sourced = { object, ...(address !== undefined && { address }), origin: new FilePlace(name, { document, lineOf, writtenAt }) };
        const known = byKind.get(kind);
        if (known === undefined) byKind.set(kind, [sourced]);
        else known.push(sourced);
      }
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

function kindOf(object: RawObject): Kind | undefined {
  const { apiVersion, kind } = object;
  return typeof apiVersion === 'string' && typeof kind === 'string' ? knownKind(apiVersion, kind) : undefined;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
