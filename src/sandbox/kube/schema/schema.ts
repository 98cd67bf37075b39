/** A field's type: a scalar or a type by name, a list, or a map. Optional marks say how it is merged. */
export type FieldSchema = ScalarSchema | ListSchema | MapSchema;

interface Common {
  /** The field's number in protobuf; several for a field of a message within the message. */
  readonly numbers?: readonly number[];

  /** What the server does with an empty value: it writes it even where none was given, or keeps a given one. Others are left out. */
  readonly empties?: 'written' | 'kept';
}

interface ScalarSchema extends Common {
  /** `string`, `int32`, `int64`, `number`, `boolean`, `bytes`, `time`, `micro-time`, `quantity`, `int-or-string`, `any` (owned as a whole), `deduced` (merged by what it is), or the name of a struct such as `core.v1.Container`. */
  readonly type: string;
  readonly default?: unknown;
  readonly atomic?: true;
}

export interface ListSchema extends Common {
  readonly list: FieldSchema;
  readonly atomic?: true;
  readonly set?: true;
  /** Fields that tell the entries of the list apart when it is applied. */
  readonly keys?: readonly string[];
  /** The same for strategic merge patches. */
  readonly mergeKey?: string;
  readonly strategy?: string;
}

export interface MapSchema extends Common {
  readonly map: FieldSchema;
  readonly atomic?: true;
}

export interface StructSchema {
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly atomic?: true;
  /** Fields with a default get it when they are read, as those of custom resources do. */
  readonly defaulted?: true;
}

export interface Schemas {
  /** Name of the struct of each kind, keyed by `group/version/Kind` (core: `version/Kind`). */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, StructSchema>>;
}
