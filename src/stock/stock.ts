import type { Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { KubernetesVersion } from '#src/model/version.ts';

/**
 * Whether an object is as Kubernetes or the provider shipped it, so that nobody in the team wrote it and nobody can fix it.
 */
export const isStock: (kind: Kind, object: RawObject, version: KubernetesVersion) => boolean = () => false;
