import type { RawObject } from '#src/model/raw.ts';

interface DeploymentWishes {
  readonly hostNetwork?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

export function deployment(name: string, { hostNetwork = false, labels = {} }: DeploymentWishes = {}): RawObject {
  const template = { metadata: { labels: { app: name, ...labels } }, spec: { hostNetwork, containers: [{ name: 'main', ports: [{ containerPort: 8080 }] }] } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec: { template } };
}

export function policy(name: string, spec: object): RawObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

/** Chooses the pods of the deployment of the same name. */
export function service(name: string, spec: object): RawObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ...spec } };
}

export function ingress(name: string, backend: string): RawObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop' }, spec: { defaultBackend: { service: { name: backend, port: { number: 80 } } } } };
}
