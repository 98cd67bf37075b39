import { defineFacts, type Subject } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { objectAt, objectsAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { podOf, type PodView } from '#src/model/workload.ts';

/** A claim that a workload has made for each of its pods. */
export interface ClaimTemplate {
  readonly subject: Subject;
  readonly namespace: string;
  /** Of the template, or of the volume of pods. */
  readonly name: string;
  readonly kind: 'claim template' | 'ephemeral volume';
  /** Undefined where the default class is meant; empty where none is. */
  readonly className: string | undefined;
  /** From the root of the workload to what names the class, else to the claim. */
  readonly path: readonly Step[];
}

export interface ClaimUses {
  readonly templates: readonly ClaimTemplate[];
  /** The workload that uses a claim, as far as its objects tell. */
  readonly userOf: (claim: { readonly namespace: string; readonly name: string }) => Subject | undefined;
}

interface State {
  readonly templates: ClaimTemplate[];
  readonly users: Map<string, Subject>;
}

/** Which workloads use which claims, and which they have made. */
export const claimUses = defineFacts({
  name: 'claim-uses',
  reads: WORKLOAD_KINDS,
  keeps: 'the claims that each workload names, and the class of those it has made',
  start: (): State => ({ templates: [], users: new Map() }),
  add({ templates, users }, object, subject) {
    const pod = podOf(object);
    if (pod === undefined) return;
    const namespace = subject.ref.namespace ?? 'default';
    for (const [, volume] of objectsAt(pod.spec, 'volumes')) {
      const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
      if (claim !== undefined) users.set(`${namespace}/${claim}`, subject);
    }
    templates.push(...claimsOf(object, pod).map((claim) => ({ subject, namespace, ...claim })));
  },
  finish: ({ templates, users }): ClaimUses => ({
    templates,
    userOf: (claim) => users.get(`${claim.namespace}/${claim.name}`) ?? templates.find((template) => isFrom(claim, template))?.subject,
  }),
});

/** Whether a claim is one that the template makes: `data-db-0` of StatefulSet db, `db-x7k2p-cache` of a pod of it. */
export function isFrom(claim: { readonly namespace: string; readonly name: string }, { namespace, name, kind, subject }: ClaimTemplate): boolean {
  if (claim.namespace !== namespace) return false;
  const owner = subject.ref.name;
  if (kind === 'claim template') return claim.name.startsWith(`${name}-${owner}-`) && /^\d+$/.test(claim.name.slice(`${name}-${owner}-`.length));
  return (claim.name === `${owner}-${name}` || claim.name.startsWith(`${owner}-`)) && claim.name.endsWith(`-${name}`);
}

function claimsOf(object: RawObject, pod: PodView): readonly Pick<ClaimTemplate, 'name' | 'kind' | 'className' | 'path'>[] {
  const templates = textAt(object, 'kind') === 'StatefulSet' ? objectsAt(object, 'spec', 'volumeClaimTemplates') : [];
  return [
    ...templates.map(([index, template]) => ({
      name: textAt(template, 'metadata', 'name') ?? `#${index}`,
      kind: 'claim template' as const,
      ...classOf(template, ['spec', 'volumeClaimTemplates', index]),
    })),
    ...objectsAt(pod.spec, 'volumes').flatMap(([index, volume]) => {
      const template = objectAt(volume, 'ephemeral', 'volumeClaimTemplate');
      if (template === undefined) return [];
      const path = [...pod.path, 'volumes', index, 'ephemeral', 'volumeClaimTemplate'];
      return [{ name: textAt(volume, 'name') ?? `#${index}`, kind: 'ephemeral volume' as const, ...classOf(template, path) }];
    }),
  ];
}

function classOf(template: RawObject, path: readonly Step[]): Pick<ClaimTemplate, 'className' | 'path'> {
  const className = textAt(template, 'spec', 'storageClassName');
  if (className !== undefined) return { className, path: [...path, 'spec', 'storageClassName'] };
  return { className: textAt(template, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class'), path: [...path, 'spec'] };
}
