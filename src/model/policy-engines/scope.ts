import { parseLabelSelector, type LabelSelector } from '#src/model/label-selector.ts';
import type { RawObject } from '#src/model/raw.ts';

/** A namespace as policies choose it. */
export interface LabelledNamespace {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** The namespaces that a policy chooses. */
export type NamespaceScope = (namespace: LabelledNamespace) => boolean;

/** Namespaces by names, in which `*` and `?` stand for other letters, and by a selector; without names or selector none is left out. */
export function scopeOf(names: readonly string[], selector: RawObject | undefined): NamespaceScope {
  const named = nameMatcher(names);
  const selected: LabelSelector = selector === undefined ? () => true : parseLabelSelector(selector);
  return ({ name, labels }) => (names.length === 0 || named(name)) && selected(labels);
}

/** Whether a name is one of those in the list. */
export function nameMatcher(names: readonly string[]): (name: string) => boolean {
  const patterns = names.map((name) => new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*').replaceAll('?', '.')}$`));
  return (name) => patterns.some((pattern) => pattern.test(name));
}

/** Whether a policy's conditions look at the field that makes a container privileged. */
export function looksAtPrivileged(conditions: RawObject | readonly unknown[]): boolean {
  return /\bprivileged\b/.test(JSON.stringify(conditions));
}
