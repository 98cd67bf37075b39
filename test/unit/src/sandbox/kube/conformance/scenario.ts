/** Requests that every API server answers alike. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/**
 * One request. In paths, bodies and queries `{{ns}}` is a namespace of the scenario's own and `{{step.metadata.uid}}` a value of an
 * earlier answer.
 */
export interface Step {
  /** How later steps refer to the answer, and what a failing test shows. */
  readonly name: string;
  /** `GET` where it is not given. */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** JSON, or text that is sent as it is. */
  readonly body?: object | string;
  readonly type?: string;
  readonly accept?: string;
  /** Acts as this user with these groups instead of the administrator. */
  readonly as?: { readonly user: string; readonly groups?: readonly string[] };
  /** Ends a watch after so many events instead of waiting for its timeout. */
  readonly events?: number;
  /** Compares the status code alone, where the words are not promised. */
  readonly onlyCode?: true;
}

/** An answer without what differs from one run to the next. */
export interface PlainAnswer {
  readonly code: number;
  readonly type: string;
  readonly warnings?: readonly string[];
  readonly body?: unknown;
}

export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
export const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
