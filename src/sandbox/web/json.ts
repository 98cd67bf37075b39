import type { BlockJson } from '../slack/page/contract.ts';

export function isJson(value: unknown): value is BlockJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; empty for anything that is no list. */
export function jsonsIn(value: unknown): readonly BlockJson[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The text in a field; undefined for anything that is no text. */
export function stringIn(json: BlockJson, field: string): string | undefined {
  const value = json[field];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(json: BlockJson, field: string): number | undefined {
  const value = json[field];
  return typeof value === 'number' ? value : undefined;
}

export function jsonIn(json: BlockJson, field: string): BlockJson | undefined {
  const value = json[field];
  return isJson(value) ? value : undefined;
}

/** Type of a block, an element or a leaf; empty if it has none. */
export function typeOf(json: BlockJson): string {
  return stringIn(json, 'type') ?? '';
}

/** The words of a text object in a field, for places that show no markup. */
export function wordsIn(json: BlockJson, field: string): string {
  const text = json[field];
  if (typeof text === 'string') return text;
  return isJson(text) ? (stringIn(text, 'text') ?? '') : '';
}
