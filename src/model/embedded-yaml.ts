import { parseDocument } from 'yaml';

/** Reads YAML that an object holds as text, as some ConfigMaps do; undefined when it is none. */
export function parseEmbeddedYaml(text: string): { readonly value: unknown } | undefined {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return undefined; // aliases that lead nowhere, or to far too much
  }
}
