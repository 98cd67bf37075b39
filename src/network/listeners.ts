import type { ObjectRef } from '#src/model/finding.ts';
import { integerAt, objectsAt, textAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';
import { isAcmePath } from './entrances.ts';

/** A listener of a Gateway that speaks HTTP without TLS. */
export interface PlainListener {
  readonly name: string;
  readonly port: number | undefined;
  /** Undefined for all. */
  readonly hostname: string | undefined;
  /** Routes of which namespaces may hang on it. */
  readonly from: string;
  readonly path: readonly Step[];
}

/** A route that sends requests to something, or answers them itself. */
export interface ServingRoute {
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly parents: readonly { readonly gateway: string; readonly listener: string | undefined; readonly port: number | undefined }[];
  /** Empty for all. */
  readonly hostnames: readonly string[];
}

export function plainListeners(gateway: RawObject): readonly PlainListener[] {
  return objectsAt(gateway, 'spec', 'listeners').flatMap(([index, listener]) => {
    if (textAt(listener, 'protocol') !== 'HTTP') return [];
    return [{
      name: textAt(listener, 'name') ?? String(index),
      port: integerAt(listener, 'port'),
      hostname: [textAt(listener, 'hostname')].find(Boolean),
      from: textAt(listener, 'allowedRoutes', 'namespaces', 'from') ?? 'Same',
      path: ['spec', 'listeners', index],
    }];
  });
}

/** Undefined for a route that does nothing but send clients to HTTPS, or prove to a certificate authority whose a host is. */
export function servingRoute(route: RawObject, ref: ObjectRef): ServingRoute | undefined {
  const rules = objectsAt(route, 'spec', 'rules').map(([, rule]) => rule);
  if (rules.every((rule) => isRedirect(rule) || isChallenge(rule))) return undefined;
  const namespace = ref.namespace ?? 'default';
  const parents = objectsAt(route, 'spec', 'parentRefs').flatMap(([, parent]) => {
    if ((textAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') return [];
    return [{ gateway: `${textAt(parent, 'namespace') ?? namespace}/${textAt(parent, 'name') ?? ''}`, listener: textAt(parent, 'sectionName'), port: integerAt(parent, 'port') }];
  });
  return { ref, namespace, parents, hostnames: textsAt(route, 'spec', 'hostnames') };
}

/** Whether the route hangs on the listener of that Gateway. Which namespaces a selector means is not looked up: who names the Gateway is taken to be among them. */
export function hangsOn({ namespace, parents, hostnames }: ServingRoute, gateway: string, listener: PlainListener): boolean {
  const isNamed = parents.some((parent) => parent.gateway === gateway && (parent.listener ?? listener.name) === listener.name && (parent.port ?? listener.port) === listener.port);
  const isAllowed = listener.from === 'Same' ? gateway.startsWith(`${namespace}/`) : listener.from !== 'None';
  const { hostname } = listener;
  return isNamed && isAllowed && (hostname === undefined || hostnames.length === 0 || hostnames.some((own) => covers(own, hostname) || covers(hostname, own)));
}

function isRedirect(rule: RawObject): boolean {
  return objectsAt(rule, 'filters').some(([, filter]) => textAt(filter, 'type') === 'RequestRedirect' && textAt(filter, 'requestRedirect', 'scheme') === 'https');
}

function isChallenge(rule: RawObject): boolean {
  const matches = objectsAt(rule, 'matches');
  return matches.length > 0 && matches.every(([, match]) => isAcmePath(textAt(match, 'path', 'value')));
}

/** Here a wildcard stands for any number of labels. */
function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}
