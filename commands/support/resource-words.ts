import { UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { RBAC_RESOURCES, resourceIndex } from '#src/model/rbac-resources.ts';
import { VERBS } from '#src/model/rbac-rights.ts';
import type { RightsQuestion } from '#src/people/who-can.ts';

/** What was typed of a question about rights. */
export interface AskedRight {
  readonly verb: string;
  /** `pods`, `pods/exec`, `deployments.apps/scale`, `/healthz`, `*`. */
  readonly what: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const URL_VERBS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
const NAMES = RBAC_RESOURCES.map(({ name }) => name);

/** Reads a question as people type it. A resource without a group is that of Kubernetes' own API. @throws {UsageError} */
export function parseRight({ verb, what, namespace, name }: AskedRight): RightsQuestion {
  const deed = verb.toLowerCase();
  if (what.startsWith('/')) {
    if (namespace !== undefined || name !== undefined) throw new UsageError('A path such as /healthz is in no namespace and has no name.');
    return { verb: knownVerb(deed, [...URL_VERBS, '*']), url: what };
  }
  const [typed = '', subresource, ...rest] = what.toLowerCase().split('/');
  if (rest.length > 0 || typed === '' || subresource === '') throw new UsageError(`"${what}" is no resource. Write pods, or pods/exec.`);
  const dot = typed.indexOf('.');
  const resource = dot === -1 ? typed : typed.slice(0, dot);
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  const known = RBAC_RESOURCES[resourceIndex(whole) ?? resourceIndex(resource) ?? -1];
  if (dot === -1 && resource !== '*' && known === undefined) {
    throw new UsageError(`There is no resource "${what}" in Kubernetes' own API.${didYouMean(what, NAMES)} Resources of add-ons are named with their group: certificates.cert-manager.io.`);
  }
  if (dot === -1 && known !== undefined && !known.namespaced && namespace !== undefined) throw new UsageError(`${resource} belong to no namespace. Leave -n out.`);
  const group = dot === -1 ? (resource === '*' ? '*' : (known?.groups[0] ?? '')) : typed.slice(dot + 1);
  return {
    // Custom resources may be protected by verbs of their own.
    verb: dot === -1 ? knownVerb(deed, [...VERBS, '*']) : deed,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function knownVerb(verb: string, known: readonly string[]): string {
  if (!known.includes(verb)) throw new UsageError(`There is no verb "${verb}".${didYouMean(verb, known)} Known: ${known.join(', ')}.`);
  return verb;
}
