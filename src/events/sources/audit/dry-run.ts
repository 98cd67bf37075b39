import type { AuditTarget } from '#src/model/audit-event.ts';
import { textsAt } from '#src/model/raw.ts';

/** Verbs that can be tried without an effect. */
const CHANGES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Subresources that take effect whatever their URL says. */
const CONNECTS = /\/(?:exec|attach|portforward|proxy|token)$/;

export interface Tried {
  readonly verb: string;
  readonly target: AuditTarget | undefined;
  readonly uri: string | undefined;
  readonly request: unknown;
}

/**
 * Whether a request was only tried, as the API server sees it.
 *
 * Anybody may write `dryRun=All` into a URL or an object: where the server does not heed it, it must not hide the deed.
 */
export function isDryRun({ verb, target, uri, request }: Tried): boolean {
  if (!canBeTried({ verb, target })) return false;
  // Only the options of a delete are its body; of the others the body is the object.
  if (verb.startsWith('delete') && textsAt(request, 'dryRun').includes('All')) return true;
  if (uri?.includes('dryRun=') !== true) return false;
  return new URLSearchParams(uri.slice(uri.indexOf('?') + 1)).getAll('dryRun').includes('All');
}

/** Whether the API server heeds the wish that such a request shall have no effect. */
export function canBeTried({ verb, target }: Pick<Tried, 'verb' | 'target'>): boolean {
  return CHANGES.has(verb) && target !== undefined && !CONNECTS.test(target.resource);
}
