import type { Proof } from '#src/model/plan.ts';
import type { AccessMap } from './access-path.ts';
import type { JudgedPath } from './judged-path.ts';
import { describePrincipal, principalKey, type ResourceQuestion, type Way } from './who-can.ts';

/** Whoever has signed in is in it. */
const EVERYBODY = 'system:authenticated';
/** Of one binding, the worst ones. */
const PER_BINDING = 3;

/** Questions that the API server is asked once the paths are gone, and the rights that will still be there by others. */
export interface Proofs {
  readonly proofs: readonly Proof[];
  readonly stays: readonly string[];
}

/** Asks without groups: what they give would hide whether the subject is gone. Of those that everybody is in, it is said what they still give. */
export function proofsOf(removed: readonly JudgedPath[]): Proofs {
  const gone = new Set(removed.map(({ path }) => path.key));
  const proofs = new Map<string, Proof>();
  const stays: string[] = [];
  for (const { map, user, path } of removed) {
    if (path.type !== 'binding') continue;
    for (const question of path.rights.questions.slice(0, PER_BINDING)) {
      const { ways } = map.whoCan.may(user, [], question);
      const [shared] = map.whoCan.may(user, [EVERYBODY], question).ways.filter(({ principal }) => principal.kind === 'Group');
      if (shared !== undefined) stays.push(`Everybody who has signed in may ${questionText(question)} in ${map.cluster}, by ${wayText(shared)}.`);
      const left = ways.filter((way) => !gone.has(wayKey(map, way)));
      const [other] = left;
      // A question that was never answered with yes would prove nothing; of a role that could not be read nobody knows.
      if (ways.length === 0 && wasRead(map, user, path.key)) continue;
      if (other === undefined) {
        const asked = { cluster: map.cluster, user, groups: [], ...question };
        proofs.set(JSON.stringify(asked), { question: asked, expect: 'denied' });
      } else stays.push(`${describePrincipal({ kind: 'User', name: user })} may still ${questionText(question)} in ${map.cluster}, by ${wayText(other)}.`);
    }
  }
  return { proofs: [...proofs.values()], stays };
}

/** `list secrets in shop`. */
export function questionText({ verb, group, resource, subresource, namespace, name }: ResourceQuestion): string {
  if (verb === '*' && resource === '*') return `do everything ${namespace === undefined ? 'everywhere' : `in ${namespace}`}`;
  const what = `${resource}${group === '' || group === '*' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

function wasRead(map: AccessMap, user: string, key: string): boolean {
  return map.whoCan.waysOf(user, []).some((way) => wayKey(map, way) === key && way.bound.rules !== undefined);
}

function wayText({ bound: { binding } }: Way): string {
  return `${binding.kind} ${binding.namespace === undefined ? '' : `${binding.namespace}/`}${binding.name}`;
}

function wayKey({ cluster }: AccessMap, { bound: { binding }, principal }: Way): string {
  return `${cluster}/${binding.kind}/${binding.namespace ?? ''}/${binding.name}#${principalKey(principal)}`;
}
