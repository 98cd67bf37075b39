/** Told where a value is wrong, as a JSON pointer, and how, in Slack's words. */
export type Report = (pointer: string, message: string) => void;

/** Reports everything that is wrong with a value that stands at a pointer. */
export type Rule = (value: unknown, at: string, report: Report) => void;

export type Fields = Readonly<Record<string, Rule>>;

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of at least one character, unless `min` says otherwise. */
export function string({ min = 1, max = Infinity, pattern }: { readonly min?: number; readonly max?: number; readonly pattern?: RegExp } = {}): Rule {
  return (value, at, report) => {
    if (typeof value !== 'string') report(at, 'must provide a string');
    else if (value.length > max) report(at, `must be less than ${max + 1} characters`);
    else if (value.length < min) report(at, `must be more than ${min - 1} characters`);
    else if (pattern?.test(value) === false) report(at, 'must match the required format');
  };
}

export const boolean: Rule = (value, at, report) => {
  if (typeof value !== 'boolean') report(at, 'must provide a boolean');
};

export function integer({ min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number } = {}): Rule {
  return (value, at, report) => {
    if (!Number.isInteger(value)) report(at, 'must provide an integer');
    else if ((value as number) > max) report(at, `must be less than ${max + 1}`);
    else if ((value as number) < min) report(at, `must be greater than ${min - 1}`);
  };
}

export const number: Rule = (value, at, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(at, 'must provide a number');
};

export function oneOf(...values: readonly (string | number)[]): Rule {
  return (value, at, report) => {
    if (!values.includes(value as string)) report(at, 'must be a valid enum value');
  };
}

export function list(rule: Rule, { min = 1, max = Infinity }: { readonly min?: number; readonly max?: number } = {}): Rule {
  return (value, at, report) => {
    if (!Array.isArray(value)) {
      report(at, 'must provide an array');
      return;
    }
    if (value.length > max) report(at, `no more than ${max} items allowed`);
    if (value.length < min) report(at, `no fewer than ${min} items allowed`);
    for (const [index, item] of value.entries()) rule(item, `${at}/${index}`, report);
  };
}

/** An object with these fields and no others; a field that is undefined counts as absent, because JSON drops it. */
export function object(required: Fields, optional: Fields = {}, ...further: readonly Rule[]): Rule {
  const known = { ...required, ...optional };
  return (value, at, report) => {
    if (!isObject(value)) {
      report(at, 'must provide an object');
      return;
    }
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) report(at, `missing required field: ${name}`);
    }
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const rule = Object.hasOwn(known, name) ? known[name] : undefined;
      if (rule === undefined) report(at, `invalid additional property: ${name}`);
      else rule(field, `${at}/${escapePointer(name)}`, report);
    }
    for (const rule of further) rule(value, at, report);
  };
}

/** An object whose `type` says which rule holds for it. */
export function byType(rules: Readonly<Partial<Record<string, Rule>>>): Rule {
  return (value, at, report) => {
    if (!isObject(value)) {
      report(at, 'must provide an object');
      return;
    }
    const type = value.type;
    if (typeof type !== 'string') {
      report(at, 'missing required field: type');
      return;
    }
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    if (rule === undefined) report(`${at}/type`, `unsupported type: ${type}`);
    else rule(value, at, report);
  };
}

/** At least one of these fields. */
export function either(...names: readonly string[]): Rule {
  return (value, at, report) => {
    if (isObject(value) && names.every((name) => value[name] === undefined)) report(at, `must define either ${quoted(names)}`);
  };
}

/** Exactly one of these fields. */
export function exactlyOne(...names: readonly string[]): Rule {
  return (value, at, report) => {
    if (!isObject(value)) return;
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length === 0) report(at, `must define either ${quoted(names)}`);
    if (given.length > 1) report(at, `must define only one of ${quoted(names)}`);
  };
}

export function when(condition: (value: Json) => boolean, message: string): Rule {
  return (value, at, report) => {
    if (isObject(value) && condition(value)) report(at, message);
  };
}

/** The type of an object, for tables by type: it is checked before, and must not count as an unknown field. */
export const known: Rule = () => undefined;

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(' or ');
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
