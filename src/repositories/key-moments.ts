import type { DeployKey } from '#src/model/repository-settings.ts';
import { momentOf } from '#src/people/sources/support/list.ts';

/** When a deploy key was made and last used, as code hosts write it: null says never, and older servers say nothing. */
export function keyMoments(created: string, used: string | null | undefined): Pick<DeployKey, 'createdAt' | 'lastUsedAt'> {
  const createdAt = momentOf(created);
  const lastUsedAt = used === null ? 'never' : momentOf(used);
  return { ...(createdAt !== undefined && { createdAt }), ...(lastUsedAt !== undefined && { lastUsedAt }) };
}
