import { describedCluster } from '#src/model/cluster-description.ts';
import { isObject, textAt, type RawObject, type Step } from '#src/model/raw.ts';

/** A Kubernetes object within the value of a document. */
export interface FoundObject {
  readonly object: RawObject;
  /** From the root of the document. */
  readonly path: readonly Step[];
}

/** Lists within lists that are looked into. */
const MAX_LISTS = 20;

/** The Kubernetes objects of a document: itself, the entries of a JSON array or of a `List`, also in one another. What a provider says of a managed cluster is one, too. */
export function* objectsIn(value: unknown, path: readonly Step[] = []): Generator<FoundObject> {
  if (Array.isArray(value) && path.length <= MAX_LISTS) {
    for (const [index, entry] of value.entries()) yield* objectsIn(entry, [...path, index]);
    return;
  }
  if (!isObject(value)) return;
  const kind = textAt(value, 'kind');
  const apiVersion = textAt(value, 'apiVersion');
  if (!kind || !apiVersion) {
    const described = describedCluster(value);
    if (described !== undefined) yield { object: described.object, path: [...path, ...described.path] };
    return;
  }
  if (!isList(value, kind)) {
    yield { object: value, path };
    return;
  }
  const itemKind = kind === 'List' ? undefined : { apiVersion, kind: kind.slice(0, -'List'.length) };
  const items = Array.isArray(value.items) ? value.items : [];
  for (const [index, item] of items.entries()) {
    if (path.length <= MAX_LISTS && isObject(item)) yield* objectsIn({ ...itemKind, ...item }, [...path, 'items', index]);
  }
}

/** As kubectl tells them apart: by `items`, which also a list without any has. */
function isList(value: RawObject, kind: string): boolean {
  return kind.endsWith('List') && (Array.isArray(value.items) || value.items === null);
}

/** Whether a document is what `terraform show -json` prints of a plan or a state. */
export function isPlan(value: unknown): value is RawObject {
  return isTerraform(value) && ['planned_values', 'resource_changes', 'values'].some((field) => field in value);
}

/** Whether a document is a state file, which is not meant to be read by others. */
export function isState(value: unknown): boolean {
  return isTerraform(value) && 'resources' in value;
}

function isTerraform(value: unknown): value is RawObject {
  return isObject(value) && textAt(value, 'terraform_version') !== undefined;
}
