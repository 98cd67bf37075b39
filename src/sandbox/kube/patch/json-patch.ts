import { isObject, type RawObject } from '#src/model/raw.ts';
import { clone, drop, equal, type Draft } from '../json.ts';
import { badRequest, rejected, tooManyOperations } from '../status.ts';

interface Operation {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[] | undefined;
  readonly value: unknown;
}

const MAX_OPERATIONS = 10_000;

/** RFC 6902; the server tells no more than that a patch does not fit. @throws Failure with status 400 for what is no patch, and 422 for one that does not fit the object. */
export function jsonPatch(object: RawObject, patch: unknown): RawObject {
  if (!Array.isArray(patch)) throw badRequest(`error decoding patch: json: cannot unmarshal ${typeof patch} into Go value of type []handlers.jsonPatchOp`);
  if (patch.length > MAX_OPERATIONS) throw tooManyOperations(MAX_OPERATIONS, patch.length);
  const root = { '': clone(object) as unknown };
  for (const entry of patch as readonly unknown[]) apply(root, readOperation(entry));
  return root[''] as RawObject;
}

function readOperation(entry: unknown): Operation {
  if (!isObject(entry)) throw badRequest(`error decoding patch: json: cannot unmarshal ${typeof entry} into Go value of type handlers.jsonPatchOp`);
  return {
    op: typeof entry.op === 'string' ? entry.op : 'unknown',
    path: steps(typeof entry.path === 'string' ? entry.path : ''),
    from: typeof entry.from === 'string' ? steps(entry.from) : undefined,
    value: entry.value,
  };
}

function steps(pointer: string): readonly string[] {
  return pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function apply(root: Draft, operation: Operation): void {
  const { op, path, from, value } = operation;
  switch (op) {
    case 'add':
      add(root, operation, clone(value ?? null));
      return;
    case 'remove':
      remove(root, path);
      return;
    case 'replace':
      replace(root, operation);
      return;
    case 'move': {
      const moved = remove(root, from ?? []);
      add(root, operation, moved);
      return;
    }
    case 'copy':
      add(root, operation, clone(found(root, from ?? [])));
      return;
    case 'test':
      if (!equal(lookup(root, path), value ?? null)) throw rejected();
      return;
    default:
      throw rejected();
  }
}

function replace(root: Draft, operation: Operation): void {
  const { path } = operation;
  const [parent, key] = [lookup(root, path.slice(0, -1)), path.at(-1) ?? ''];
  if (path.length === 1) root[''] = clone(operation.value ?? null);
  else if (Array.isArray(parent)) {
    found(root, path);
    parent[Number(key)] = clone(operation.value ?? null);
  } else if (isObject(parent)) {
    // The real server does not mind when there is nothing to replace.
    (parent as Draft)[key] = clone(operation.value ?? null);
  } else {
    throw rejected();
  }
}

function add(root: Draft, operation: Operation, value: unknown): void {
  const { path } = operation;
  if (path.length === 1) {
    root[''] = value;
    return;
  }
  const [parent, key] = [lookup(root, path.slice(0, -1)), path.at(-1) ?? ''];
  if (Array.isArray(parent)) {
    const index = key === '-' ? parent.length : arrayIndex(key, parent.length);
    if (index === undefined) throw rejected();
    parent.splice(index, 0, value);
  } else if (isObject(parent)) {
    (parent as Draft)[key] = value;
  } else {
    throw rejected();
  }
}

function remove(root: Draft, path: readonly string[]): unknown {
  const value = found(root, path);
  const [parent, key] = [lookup(root, path.slice(0, -1)), path.at(-1) ?? ''];
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else drop(parent as Draft, key);
  return value;
}

function found(root: Draft, path: readonly string[]): unknown {
  const value = lookup(root, path);
  if (value === undefined) throw rejected();
  return value;
}

function lookup(root: Draft, path: readonly string[]): unknown {
  let here: unknown = root;
  for (const step of path) {
    if (Array.isArray(here)) here = /^\d+$/.test(step) ? (here as readonly unknown[])[Number(step)] : undefined;
    else here = isObject(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

function arrayIndex(key: string, length: number): number | undefined {
  const index = Number(key);
  return /^\d+$/.test(key) && index <= length ? index : undefined;
}
