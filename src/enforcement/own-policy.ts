import { createHash } from 'node:crypto';
import { changedBy, isManaged, isUntouched, MANAGED_BY, OWN_PREFIX, withContentHash } from '#src/actions/own-objects.ts';
import { workloadText } from '#src/model/connection-words.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';
import { OBJECT_PREFIX, type Change, type ObjectAddress } from '#src/model/plan.ts';
import { canonicalJson } from '#src/actions/canonical.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';

/** Sorts of policy that a connection can be blocked with, the most exact first. */
export const MECHANISMS = ['cilium', 'calico', 'network-policy'] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** Whose policy it is. */
export interface PolicyPlace {
  readonly cluster: string;
  readonly workload: ConnectedWorkload;
}

const FORMS: Readonly<Record<Mechanism, Pick<ObjectAddress, 'apiVersion' | 'kind' | 'resource'>>> = {
  cilium: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', resource: 'ciliumnetworkpolicies' },
  calico: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', resource: 'networkpolicies' },
  'network-policy': { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', resource: 'networkpolicies' },
};
const WORKLOAD = `${OWN_PREFIX}workload`;
const HASH_LENGTH = 8;

/** The one object that k8ssec has for a workload, by mechanism. */
export function ownAddress(mechanism: Mechanism, { cluster, workload }: PolicyPlace): ObjectAddress {
  const { namespace, kind, name } = workload;
  const hash = createHash('sha256').update(JSON.stringify([namespace, kind, name])).digest('hex').slice(0, HASH_LENGTH);
  return { cluster, ...FORMS[mechanism], namespace, name: `${OBJECT_PREFIX}${hash}` };
}

/** What k8ssec's object says now; undefined where there is none. @throws {NothingToPropose} when one of that name is somebody else's, or was changed by somebody else. */
export function ownSpec(address: ObjectAddress, own: RawObject | undefined): RawObject | undefined {
  if (own === undefined) return undefined;
  const name = `${address.kind} ${address.namespace ?? ''}/${address.name}`;
  if (!isManaged(own)) throw new NothingToPropose(`There is a ${name} that k8ssec has not made, and nothing is written over it.`);
  if (!isUntouched(own)) throw new NothingToPropose(`${name} was changed by ${changedBy(own)}, and nothing is written over that. Put it back, or delete it, and ask again.`);
  return objectAt(own, 'spec') ?? {};
}

/** Brings k8ssec's object to this form; undefined where it has it already. */
export function changeTo(spec: RawObject, address: ObjectAddress, { workload }: PolicyPlace, own: RawObject | undefined, text: string): Change | undefined {
  const { apiVersion, kind, namespace, name } = address;
  const body = withContentHash({
    apiVersion,
    kind,
    metadata: { name, namespace, labels: MANAGED_BY, annotations: { [WORKLOAD]: `${workload.kind} ${workloadText(workload)}` } },
    spec,
  });
  if (own === undefined) return { type: 'create', address, text, body };
  return canonicalJson(objectAt(own, 'spec')) === canonicalJson(spec) ? undefined : { type: 'replace', address, text, before: own, body };
}
