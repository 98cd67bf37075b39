import { isObject, type Json } from '#src/blocks/rules.ts';
import { ApiError, invalidArguments } from './api-error.ts';

/** Arguments of one call: strings from a form, any JSON from a JSON body. */
export type Arguments = Json;

/** The text of an argument; empty counts as absent. */
export function textArg(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function requiredArg(args: Arguments, name: string): string {
  const value = textArg(args, name);
  if (value === undefined) throw invalidArguments(`missing required field: ${name}`);
  return value;
}

export function flagArg(args: Arguments, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || value === '') return undefined;
  return value === true || value === 'true' || value === '1' || value === 1;
}

/** @throws with Slack's words when it is no whole number in the range. */
export function integerArg(args: Arguments, name: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  const text = textArg(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new ApiError('invalid_limit');
  return value;
}

/** An argument that a form carries as JSON text. @throws {ApiError} with the given error when it is no JSON. */
export function jsonArg(args: Arguments, name: string, error: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new ApiError(error);
  }
}

/** A list given as JSON or as words between commas. */
export function listArg(args: Arguments, name: string): readonly string[] | undefined {
  const value = args[name];
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  const text = textArg(args, name);
  return text?.split(',').map((word) => word.trim());
}

/** A list of JSON objects; anything else has the given error. */
export function objectsArg(args: Arguments, name: string, error: string): readonly Json[] | undefined {
  const value = jsonArg(args, name, error);
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isObject)) throw new ApiError(error);
  return value;
}
