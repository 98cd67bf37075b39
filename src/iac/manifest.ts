import type { RawObject, Step } from '#src/model/raw.ts';
import { splitDocuments } from './documents.ts';
import { describeFault, type DocumentFault } from './fault.ts';
import { isPlan, isState, objectsIn } from './objects.ts';
import { parseDocument } from './parse-document.ts';
import { objectOf } from './terraform/objects.ts';
import { planResources } from './terraform/plan.ts';
import { yamlSuppressions, type Suppression } from './suppressions.ts';
import { isTemplate, TEMPLATE } from './template.ts';

/** An object and where it was written. */
export interface PlacedObject {
  readonly object: RawObject;
  /** The line of the deepest part of a path that was written, from 1; of the object itself for the empty path. */
  readonly lineOf: (path: readonly Step[]) => number;
}

export interface ManifestObject extends PlacedObject {
  /** Number of its document, from 1; absent in Terraform's language, which has none. */
  readonly document?: number;
  /** Of Terraform. */
  readonly address?: string;
  /** The line of the file that it was made from; then it has no document there, and `lineOf` counts in what was made. */
  readonly writtenAt?: number;
  /** The Kubernetes objects that a resource of Terraform makes. */
  readonly makes?: readonly PlacedObject[];
  /** Why the Kubernetes objects that a resource of Terraform makes are not known. */
  readonly hides?: DocumentFault;
}

export interface UnreadableDocument {
  /** Absent in Terraform's language, which has none. */
  readonly document?: number;
  readonly reason: string;
  /** However often it is read: only applying the file would tell. */
  readonly lasting?: true;
}

/** What a manifest file holds, in its own order. */
export interface Manifest {
  readonly objects: readonly ManifestObject[];
  readonly unreadable: readonly UnreadableDocument[];
  /** Documents in it, unreadable ones included. */
  readonly documents: number;
  /** One of them is a state file of Terraform, whose resources are not read. */
  readonly terraform: boolean;
  /** Comments that ask to leave out findings. */
  readonly suppressions: readonly Suppression[];
}

/** Reads all documents of a manifest; one that does not parse hides no other. */
export function readManifest(text: string): Manifest {
  const objects: ManifestObject[] = [];
  const unreadable: UnreadableDocument[] = [];
  const suppressions: Suppression[] = [];
  let documents = 0;
  let terraform = false;
  for (const document of splitDocuments(text)) {
    const { number, linesBefore } = document;
    documents = number;
    const parsed = parseDocument(document);
    if ('reason' in parsed) {
      unreadable.push({ document: number, reason: describeFault(parsed, linesBefore) });
      continue;
    }
    const { value, lineOf } = parsed;
    if (document.format === 'yaml') suppressions.push(...yamlSuppressions(document.text).map((suppression) => moved(suppression, linesBefore)));
    if (isPlan(value)) {
      const resources = planResources(value, (resource, below) => linesBefore + lineOf(resource, below)).map((resource) => ({ ...objectOf(resource), document: number }));
      objects.push(...resources);
      unreadable.push(...hiddenIn(resources).map((hidden) => ({ document: number, ...hidden })));
      continue;
    }
    terraform ||= isState(value);
    const found = [...objectsIn(value)];
    if (found.some(({ object }) => isTemplate(object))) unreadable.push({ document: number, reason: TEMPLATE });
    else objects.push(...found.map(({ object, path }) => ({ object, document: number, lineOf: (below: readonly Step[]) => linesBefore + lineOf(path, below) })));
  }
  return { objects, unreadable, documents, terraform, suppressions };
}

/** What resources make that is not known, as parts of their file that could not be read. */
export function hiddenIn(objects: readonly ManifestObject[]): readonly UnreadableDocument[] {
  return objects.flatMap(({ hides }) => (hides === undefined ? [] : [{ reason: describeFault(hides, 0), lasting: true }]));
}

function moved({ line, about, ...rest }: Suppression, lines: number): Suppression {
  return { line: line + lines, ...(about !== undefined && { about: about + lines }), ...rest };
}
