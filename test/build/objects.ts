import type { RawObject } from '#src/model/raw.ts';

export interface PodWishes {
  readonly name: string;
  readonly namespace?: string;
  readonly privileged?: boolean;
}

/** A pod with nothing wrong that is critical, unless it is privileged. */
export function aPod({ name, namespace = 'default', privileged = false }: PodWishes): RawObject {
  const securityContext = { allowPrivilegeEscalation: privileged, ...(privileged && { privileged }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ name: 'main', image: `registry.example/${name}:1`, securityContext }] } };
}

export function aNamespace(name: string): RawObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** Holds a token that never ends; one that the cluster has not accepted since a day is less of a danger. */
export function aTokenSecret({ name, account = 'default', invalidSince }: { readonly name: string; readonly account?: string; readonly invalidSince?: string }): RawObject {
  const labels = invalidSince === undefined ? {} : { 'kubernetes.io/legacy-token-invalid-since': invalidSince };
  return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name, namespace: 'default', labels, annotations: { 'kubernetes.io/service-account.name': account } } };
}
