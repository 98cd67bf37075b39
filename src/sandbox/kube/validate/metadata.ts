import { equal } from '../json.ts';
import type { Metadata } from '../object.ts';
import type { Causes } from './causes.ts';
import { labelValue, qualifiedName, type NameRule } from './names.ts';

const MAX_ANNOTATIONS_BYTES = 256 * 1024;
const STANDARD_FINALIZERS = ['foregroundDeletion', 'orphan', 'kubernetes'];

export function validateMetadata(metadata: Metadata, isNameRight: NameRule, isNamespaced: boolean, causes: Causes): void {
  const { name = '', generateName = '' } = metadata;
  if (generateName !== '') for (const problem of isNameRight(generateName.replace(/-+$/, 'a'))) causes.invalid('metadata.generateName', generateName, problem);
  if (name === '') causes.required('metadata.name', 'name or generateName is required');
  else for (const problem of isNameRight(name)) causes.invalid('metadata.name', name, problem);
  if (isNamespaced && (metadata.namespace ?? '') === '') causes.required('metadata.namespace');
  if (!isNamespaced && (metadata.namespace ?? '') !== '') causes.forbidden('metadata.namespace', 'not allowed on this type');
  validateLabels(metadata.labels ?? {}, 'metadata.labels', causes);
  validateAnnotations(metadata.annotations ?? {}, causes);
  validateOwners(metadata, causes);
  validateFinalizers(metadata.finalizers ?? [], causes);
}

export function validateLabels(labels: Readonly<Record<string, string>>, field: string, causes: Causes): void {
  for (const [key, value] of Object.entries(labels)) {
    for (const problem of qualifiedName(key)) causes.invalid(field, key, problem);
    for (const problem of labelValue(value)) causes.invalid(field, value, problem);
  }
}

function validateAnnotations(annotations: Readonly<Record<string, string>>, causes: Causes): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    for (const problem of qualifiedName(key.toLowerCase())) causes.invalid('metadata.annotations', key, problem);
    size += key.length + Buffer.byteLength(value);
  }
  if (size > MAX_ANNOTATIONS_BYTES) causes.tooLong('metadata.annotations', MAX_ANNOTATIONS_BYTES);
}

function validateOwners({ ownerReferences = [] }: Metadata, causes: Causes): void {
  let controller: string | undefined;
  for (const [index, owner] of ownerReferences.entries()) {
    const field = `metadata.ownerReferences[${index}]`;
    if (owner.apiVersion === '') causes.required(`${field}.apiVersion`, 'must not be empty');
    if (owner.kind === '') causes.required(`${field}.kind`, 'must not be empty');
    if (owner.name === '') causes.required(`${field}.name`, 'must not be empty');
    if (owner.uid === '') causes.required(`${field}.uid`, 'must not be empty');
    if (owner.controller !== true) continue;
    if (controller !== undefined) {
      causes.invalid('metadata.ownerReferences', ownerReferences, `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${owner.kind}/${owner.name}`);
    }
    controller ??= `${owner.kind}/${owner.name}`;
  }
}

function validateFinalizers(finalizers: readonly string[], causes: Causes): void {
  for (const [index, finalizer] of finalizers.entries()) {
    const field = `metadata.finalizers[${index}]`;
    const problems = qualifiedName(finalizer, 'a qualified name');
    for (const problem of problems) causes.invalid('metadata.finalizers', finalizer, problem);
    if (problems.length === 0 && !finalizer.includes('/') && !STANDARD_FINALIZERS.includes(finalizer)) {
      causes.invalid(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
    }
  }
}

/** What nobody can change once the object is there. */
export function validateMetadataUpdate(next: Metadata, old: Metadata, causes: Causes): void {
  const added = (next.finalizers ?? []).filter((finalizer) => !(old.finalizers ?? []).includes(finalizer));
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const found = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
    causes.forbidden('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`);
  }
  const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;
  for (const field of fixed) {
    if (!equal(next[field], old[field])) causes.invalid(`metadata.${field}`, next[field], 'field is immutable');
  }
}
