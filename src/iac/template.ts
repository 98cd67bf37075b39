import { isObject, textAt, type RawObject } from '#src/model/raw.ts';

/** What is said about a document that only a template engine can turn into an object. */
export const TEMPLATE = 'template, render it first';

/** What Helm defines and nothing else does. Prometheus, Argo and others use `{{` for words of their own. */
const HELM = /\{\{-?\s*(?:\(?\s*)?(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|(?:include|template|tpl|toYaml|required|lookup)\s)/;

/** Whether YAML that does not parse is a template. */
export function looksLikeTemplate(text: string): boolean {
  return text.includes('{{');
}

/**
 * Whether an object that did parse is still a template: its name is one, or a short text of it asks for Helm's values.
 *
 * Texts of several lines are left alone: a ConfigMap may carry a template for somebody else.
 */
export function isTemplate(object: RawObject): boolean {
  const naming = [textAt(object, 'kind'), textAt(object, 'metadata', 'name'), textAt(object, 'metadata', 'namespace')];
  return naming.some((text) => text?.includes('{{')) || hasHelm(object);
}

function hasHelm(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{') && !value.includes('\n') && HELM.test(value);
  if (Array.isArray(value)) return value.some(hasHelm);
  return isObject(value) && Object.values(value).some(hasHelm);
}
