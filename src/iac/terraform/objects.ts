import { TERRAFORM } from '#src/model/kinds.ts';
import { ifKnown, isObject, textAt, UNRESOLVED, type RawObject, type Step } from '#src/model/raw.ts';
import { splitDocuments } from '../documents.ts';
import type { ManifestObject, PlacedObject } from '../manifest.ts';
import { objectsIn } from '../objects.ts';
import { parseDocument } from '../parse-document.ts';
import { kubernetesObject } from './kubernetes.ts';

/** As checks read it: the type and the arguments of a resource that refers to another. */
export interface Attached {
  readonly kind: string;
  readonly values: unknown;
}

/** A resource, or another block that is judged, with the values that are known of it. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Settled: what is not known is `UNRESOLVED`. */
  readonly values: unknown;
  /** The resources of the same module that refer to it. */
  readonly attached: readonly Attached[];
  readonly lineOf: (path: readonly Step[]) => number;
}

/** A resource as checks read it, together with the Kubernetes objects that it makes. */
export function objectOf(resource: Resource): ManifestObject {
  const { address, type, name, values, attached, lineOf } = resource;
  const object: RawObject = {
    apiVersion: TERRAFORM,
    kind: type,
    metadata: { name },
    values,
    ...(attached.length > 0 && { attached }),
  };
  const makes = [...madeBy(resource)];
  const written = WRITTEN_IN[type];
  const isHidden = written !== undefined && isObject(values) && values[written] === UNRESOLVED;
  const hides = isHidden ? { line: lineOf([written]), reason: `what ${address} makes is only known when the file is applied` } : undefined;
  return { object, address, lineOf, ...(makes.length > 0 && { makes }), ...(hides !== undefined && { hides }) };
}

/** Resources that make any object at all, and the argument that holds it. */
const WRITTEN_IN: Readonly<Record<string, string>> = { kubernetes_manifest: 'manifest', kubectl_manifest: 'yaml_body' };

function* madeBy({ type, values, lineOf }: Resource): Generator<PlacedObject> {
  const converted = kubernetesObject(type, values);
  if (converted !== undefined) yield { object: converted.object, lineOf: (path) => lineOf(converted.written(path)) };
  if (type === 'kubernetes_manifest' && isObject(values) && isObject(values.manifest)) yield { object: values.manifest, lineOf: (path) => lineOf(['manifest', ...path]) };
  if (type === 'kubectl_manifest') yield* fromYaml(values, lineOf);
}

function* fromYaml(values: unknown, lineOf: Resource['lineOf']): Generator<PlacedObject> {
  for (const document of splitDocuments(ifKnown(() => textAt(values, 'yaml_body'), undefined) ?? '')) {
    const parsed = parseDocument(document);
    if ('reason' in parsed) continue;
    for (const { object } of objectsIn(parsed.value)) yield { object, lineOf: () => lineOf(['yaml_body']) };
  }
}
