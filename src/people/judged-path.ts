import type { AccessMap, AccessPath } from './access-path.ts';
import type { ManagedPatch } from './managed-patch.ts';

/** A path of a person with the user that has it, and whether it is to be taken away. */
export interface JudgedPath {
  readonly map: AccessMap;
  readonly user: string;
  readonly path: AccessPath;
  /** Why it is not taken away: a whole sentence. Undefined when it is. */
  readonly stays: string | undefined;
  /** How to take it away where it is written; only when nothing else speaks against it. */
  readonly patch?: ManagedPatch;
}
