import { createHash } from 'node:crypto';
import type { Composition } from '#src/actions/composition.ts';
import { composed, INSTALLATION_LABEL, MANAGED_BY, OWN_PREFIX, standingOf } from '#src/actions/own-objects.ts';
import { nameOf } from '#src/actions/wording.ts';
import { workloadText } from '#src/model/connection-words.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';
import { OBJECT_PREFIX, type CreateObject, type ObjectAddress, type ReplaceObject } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';

/** Sorts of policy that a connection can be blocked with, the most exact first. What closes a workload under Cilium is an object beside the one that denies. */
export const MECHANISMS = ['cilium', 'cilium-allow', 'calico', 'network-policy'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** Whose policy it is. */
export interface WorkloadPlace {
  readonly cluster: string;
  readonly workload: ConnectedWorkload;
}

export interface PolicyPlace extends WorkloadPlace {
  /** Of the bot that writes it. */
  readonly installation: string;
}

export type PolicyForm = Pick<ObjectAddress, 'apiVersion' | 'kind' | 'resource'>;

const CILIUM: PolicyForm = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', resource: 'ciliumnetworkpolicies' };
const FORMS: Readonly<Record<Mechanism, PolicyForm>> = {
  cilium: CILIUM,
  'cilium-allow': CILIUM,
  calico: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', resource: 'networkpolicies' },
  'network-policy': { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', resource: 'networkpolicies' },
};
/** Each once. */
export const POLICY_FORMS: readonly PolicyForm[] = [...new Set(Object.values(FORMS))];
const WORKLOAD = `${OWN_PREFIX}workload`;
const HASH_LENGTH = 8;
/** Of all annotations of an object, less what the parts that are planned get besides: a request and a time each. */
const MOST_BYTES = 256 * 1024 - 16 * 1024;

/** The one object that k8ssec has for a workload, by mechanism. */
export function ownAddress(mechanism: Mechanism, { cluster, workload }: WorkloadPlace): ObjectAddress {
  const { namespace, kind, name } = workload;
  const hash = createHash('sha256').update(JSON.stringify([namespace, kind, name, ...(mechanism === 'cilium-allow' ? ['allow'] : [])])).digest('hex').slice(0, HASH_LENGTH);
  return { cluster, ...FORMS[mechanism], namespace, name: `${OBJECT_PREFIX}${hash}` };
}

/** What k8ssec's object is made of now; undefined where there is none. @throws {NothingToPropose} when nothing may be written over it. */
export function madeOf(address: ObjectAddress, own: RawObject | undefined, { installation }: PolicyPlace): Composition | undefined {
  if (own === undefined) return undefined;
  const standing = standingOf(own, installation);
  if ('problem' in standing) throw new NothingToPropose(`${nameOf(address)} ${standing.problem}.`);
  return standing.made;
}

/** Makes k8ssec's object of these parts. @throws {NothingToPropose} when that would be too much for one object. */
export function changeTo(made: Composition, address: ObjectAddress, { workload, installation }: PolicyPlace, own: RawObject | undefined, text: string): CreateObject | ReplaceObject {
  const { apiVersion, kind, namespace, name } = address;
  const metadata = { name, namespace, labels: { ...MANAGED_BY, [INSTALLATION_LABEL]: installation }, annotations: { [WORKLOAD]: `${workload.kind} ${workloadText(workload)}` } };
  const body = composed({ apiVersion, kind, metadata }, made);
  const annotations = { ...objectAt(own, 'metadata', 'annotations'), ...objectAt(body, 'metadata', 'annotations') };
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(`${key}${String(value)}`), 0);
  if (bytes > MOST_BYTES) throw new NothingToPropose(`What ${nameOf(address)} would be made of does not fit into its annotations, which Kubernetes limits to 256 KiB. Undo requests of this workload that are needed no more, or write a policy for its many connections by hand.`);
  return own === undefined ? { type: 'create', address, text, body } : { type: 'replace', address, text, before: own, body };
}
