import type { ObjectRef } from './finding.ts';
import { ifKnown, knownObjectsAt, textAt, unknownLast, type RawObject } from './raw.ts';

/** Whom a binding gives rights to. */
export interface RbacSubject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  /** Of a ServiceAccount only; absent where only applying its file would tell it. */
  readonly namespace?: string;
}

const ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;
const WORDS = { User: 'user', Group: 'group', ServiceAccount: 'ServiceAccount' } as const;
/** Subjects that a message names; the others are counted. */
const NAMED = 2;

/** The namespace of an object; one that a file puts into none is in `default`. */
export function namespaceOf({ namespace }: ObjectRef): string {
  return namespace ?? 'default';
}

/** The subjects of a binding; a ServiceAccount that is named as a user counts as what it is. An entry without kind or name is left out. */
export function subjectsOf(binding: RawObject): readonly RbacSubject[] {
  return [...eachSubject(binding)];
}

/** The same one after the other. That one is not known is only met when the known ones have gone by. */
export function eachSubject(binding: RawObject): Iterable<RbacSubject> {
  return unknownLast(knownObjectsAt(binding, 'subjects'), ([, subject]): readonly RbacSubject[] => {
    const kind = textAt(subject, 'kind');
    const name = textAt(subject, 'name');
    if (!name) return [];
    if (kind === 'Group') return [{ kind, name }];
    if (kind === 'ServiceAccount') return [{ kind, name, ...namespaceOfAccount(binding, subject) }];
    if (kind !== 'User') return [];
    const [, namespace, account] = ACCOUNT_USER.exec(name) ?? [];
    return namespace === undefined || account === undefined ? [{ kind, name }] : [{ kind: 'ServiceAccount', name: account, namespace }];
  });
}

/** It has rights wherever it is, so that a binding to it counts where only applying the file would tell the namespace. */
function namespaceOfAccount(binding: RawObject, subject: RawObject): Pick<RbacSubject, 'namespace'> {
  const namespace = ifKnown(() => textAt(subject, 'namespace') ?? textAt(binding, 'metadata', 'namespace') ?? 'default', undefined);
  return namespace === undefined ? {} : { namespace };
}

/** Same text for the same subject. */
export function subjectKey({ kind, name, namespace }: RbacSubject): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}

/** The groups that Kubernetes itself puts a subject into. */
export function builtInGroups({ kind, name, namespace }: RbacSubject): readonly string[] {
  if (kind === 'ServiceAccount') return ['system:serviceaccounts', `system:serviceaccounts:${namespace ?? ''}`, 'system:authenticated'];
  if (kind === 'User') return [name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'];
  return [];
}

/** `group dev, user jo and 3 others`. */
export function describeSubjects(subjects: readonly RbacSubject[]): string {
  const unique = [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()];
  const named = unique.slice(0, NAMED).map(describeSubject);
  const others = unique.length - named.length;
  if (others > 0) return `${named.join(', ')} and ${others} ${others === 1 ? 'other' : 'others'}`;
  return named.join(' and ');
}

function describeSubject({ kind, name, namespace }: RbacSubject): string {
  return `${WORDS[kind]} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
