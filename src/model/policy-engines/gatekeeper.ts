import { at, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { nameMatcher, scopeOf, type NamespaceScope } from './scope.ts';

/** The namespaces in which a constraint of Gatekeeper's library refuses pods; undefined when it does so nowhere, or for some pods only. */
export function gatekeeperScope(constraint: RawObject): NamespaceScope | undefined {
  if (!denies(constraint)) return undefined;
  const match = objectAt(constraint, 'spec', 'match');
  const kinds = objectsAt(match, 'kinds').flatMap(([, entry]) => textsAt(entry, 'kinds'));
  if (kinds.length > 0 && !kinds.includes('Pod') && !kinds.includes('*')) return undefined;
  if (at(match, 'labelSelector') !== undefined || at(match, 'name') !== undefined || textAt(match, 'scope') === 'Cluster') return undefined;
  const included = scopeOf(textsAt(match, 'namespaces'), objectAt(match, 'namespaceSelector'));
  const excluded = nameMatcher(textsAt(match, 'excludedNamespaces'));
  return (namespace) => included(namespace) && !excluded(namespace.name);
}

/** Gatekeeper denies by default. */
function denies(constraint: RawObject): boolean {
  const action = textAt(constraint, 'spec', 'enforcementAction') ?? 'deny';
  return action === 'deny' || (action === 'scoped' && objectsAt(constraint, 'spec', 'scopedEnforcementActions').some(([, scoped]) => textAt(scoped, 'action') === 'deny'));
}
