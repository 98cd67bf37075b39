import { fileURLToPath } from 'node:url';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A part of Hubble's API; names, enums and large numbers are as Hubble writes them in JSON. */
export function observerService(): ServiceDefinition {
  const packages = loadSync(fileURLToPath(new URL('./observer.proto', import.meta.url)), { keepCase: true, longs: String, enums: String });
  return packages['observer.Observer'] as ServiceDefinition;
}

/** Sends flows for as long as somebody listens. */
export function getFlows(): MethodDefinition<object, object> {
  const { GetFlows: method } = observerService();
  if (method === undefined) throw new Error('observer.proto has no GetFlows');
  return method as MethodDefinition<object, object>;
}
