import type { Cause } from '../status.ts';

/** Collects what is wrong with an object, in the server's words. */
export interface Causes {
  readonly all: readonly Cause[];
  readonly required: (field: string, detail?: string) => void;
  readonly invalid: (field: string, value: unknown, detail: string) => void;
  readonly unsupported: (field: string, value: unknown, supported: readonly string[]) => void;
  readonly forbidden: (field: string, detail: string) => void;
  readonly duplicate: (field: string, value: unknown) => void;
  readonly notFound: (field: string, value: unknown) => void;
  readonly tooLong: (field: string, limitBytes: number) => void;
}

export function createCauses(): Causes {
  const all: Cause[] = [];
  const add = (kind: string, field: string, message: string): void => void all.push({ reason: `FieldValue${kind}`, message, field });
  return {
    all,
    required: (field, detail) => add('Required', field, detail === undefined ? 'Required value' : `Required value: ${detail}`),
    invalid: (field, value, detail) => add('Invalid', field, `Invalid value: ${shown(value)}: ${detail}`),
    unsupported: (field, value, supported) =>
      add('NotSupported', field, `Unsupported value: ${shown(value)}: supported values: ${supported.map(shown).join(', ')}`),
    forbidden: (field, detail) => add('Forbidden', field, `Forbidden: ${detail}`),
    duplicate: (field, value) => add('Duplicate', field, `Duplicate value: ${shown(value)}`),
    notFound: (field, value) => add('NotFound', field, `Not found: ${shown(value)}`),
    tooLong: (field, limitBytes) => add('TooLong', field, `Too long: may not be more than ${limitBytes} bytes`),
  };
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
