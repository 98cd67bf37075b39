/** A field's type: a scalar or a type by name, a list, or a map. Optional marks say how it is merged. */
export type FieldSchema = ScalarSchema | ListSchema | MapSchema;

interface ScalarSchema {
  /** `string`, `int32`, `int64`, `number`, `boolean`, `bytes`, `time`, `quantity`, `int-or-string`, `any`, or the name of a struct such as `core.v1.Container`. */
  readonly type: string;
  readonly default?: unknown;
  readonly atomic?: true;
}

export interface ListSchema {
  readonly list: FieldSchema;
  readonly atomic?: true;
  readonly set?: true;
  /** Fields that tell the entries of the list apart when it is applied. */
  readonly keys?: readonly string[];
  /** The same for strategic merge patches. */
  readonly mergeKey?: string;
  readonly strategy?: string;
}

interface MapSchema {
  readonly map: FieldSchema;
  readonly atomic?: true;
}

export interface StructSchema {
  readonly fields: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly atomic?: true;
}

export interface Schemas {
  /** Name of the struct of each kind, keyed by `group/version/Kind` (core: `version/Kind`). */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, StructSchema>>;
}
