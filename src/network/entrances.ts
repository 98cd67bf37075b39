import type { ObjectRef } from '#src/model/finding.ts';
import { at, isObject, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { classOf } from './addresses.ts';
import { internalProvider, reachOfStatus } from './load-balancer.ts';

/** A Service that something outside sends to. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  /** Port of the Service, by number or name; undefined for all. */
  readonly port: number | string | undefined;
}

/** An Ingress or route: what a proxy at the edge of the cluster sends where. */
export interface Entrance {
  readonly ref: ObjectRef;
  /** Only networks of the organisation reach the proxy. */
  readonly internal: boolean;
  /** Gateways it hangs on, by namespace and name; undefined where its kind needs none. */
  readonly gateways: readonly string[] | undefined;
  readonly backends: readonly Backend[];
}

export interface Gateway {
  /** `namespace/name` */
  readonly key: string;
  readonly internal: boolean;
}

/** In the name of a class whose proxies only internal networks reach. */
const INTERNAL_CLASS = /(^|[-_.])(internal|intern|private|rilb|intranet)($|[-_.])/i;
/** Annotations of an Ingress that make its proxy internal. */
const INTERNAL_INGRESS: Readonly<Record<string, string>> = {
  'alb.ingress.kubernetes.io/scheme': 'internal',
  'appgw.ingress.kubernetes.io/use-private-ip': 'true',
  'networking.gke.io/load-balancer-type': 'Internal',
};
/** Load balancers of this class are internal unless the Ingress says otherwise. */
const ALB = 'alb';
/** Only the tailnet reaches what is of this class, unless the Ingress opens a funnel. */
const TAILSCALE = 'tailscale';

const ROUTE_FIELDS = ['http', 'tcp', 'tls'] as const;

/** Whether a certificate authority looks there, without TLS, whose a host is (RFC 8555). */
export function isAcmePath(path: string | undefined): boolean {
  return path?.startsWith('/.well-known/acme-challenge/') === true;
}

/** The class of an Ingress as its controller sees it. */
export function ingressClassOf(ingress: RawObject): string | undefined {
  return textAt(ingress, 'spec', 'ingressClassName') ?? textAt(ingress, 'metadata', 'annotations', 'kubernetes.io/ingress.class');
}

/** Whether only internal networks reach it, by its address, its annotations or the name of its class. */
export function isInternalIngress(ingress: RawObject): boolean {
  const reach = reachOfStatus(ingress);
  if (reach !== undefined) return reach === 'internal';
  const annotations = Object.entries(INTERNAL_INGRESS);
  if (annotations.some(([annotation, value]) => textAt(ingress, 'metadata', 'annotations', annotation) === value)) return true;
  const ingressClass = ingressClassOf(ingress);
  if (ingressClass === ALB) return textAt(ingress, 'metadata', 'annotations', 'alb.ingress.kubernetes.io/scheme') === undefined;
  if (ingressClass === TAILSCALE) return textAt(ingress, 'metadata', 'annotations', 'tailscale.com/funnel') !== 'true';
  return INTERNAL_CLASS.test(ingressClass ?? '');
}

export function ingressEntrance(ingress: RawObject, ref: ObjectRef): Entrance {
  const namespace = ref.namespace ?? 'default';
  const paths = objectsAt(ingress, 'spec', 'rules').flatMap(([, rule]) => objectsAt(rule, 'http', 'paths').map(([, path]) => at(path, 'backend')));
  const all = [at(ingress, 'spec', 'defaultBackend'), at(ingress, 'spec', 'backend'), ...paths].filter(isObject);
  return { ref, internal: isInternalIngress(ingress), gateways: undefined, backends: all.flatMap((backend) => ingressBackend(backend, namespace)) };
}

/** A Route of OpenShift. */
export function openShiftEntrance(route: RawObject, ref: ObjectRef): Entrance {
  const namespace = ref.namespace ?? 'default';
  const port = at(route, 'spec', 'port', 'targetPort');
  const targets = [objectAt(route, 'spec', 'to') ?? {}, ...objectsAt(route, 'spec', 'alternateBackends').map(([, target]) => target)];
  const backends = targets.flatMap((target): readonly Backend[] => {
    const service = textAt(target, 'name');
    return service === undefined || (textAt(target, 'kind') ?? 'Service') !== 'Service' ? [] : [{ namespace, service, port: typeof port === 'string' ? port : undefined }];
  });
  return { ref, internal: false, gateways: undefined, backends };
}

/** A route of the Gateway API. Parents that are no Gateway, such as a Service of a mesh, lead nothing in. */
export function routeEntrance(route: RawObject, ref: ObjectRef): Entrance {
  const namespace = ref.namespace ?? 'default';
  const parents = objectsAt(route, 'spec', 'parentRefs').filter(([, parent]) => (textAt(parent, 'kind') ?? 'Gateway') === 'Gateway');
  const backends = objectsAt(route, 'spec', 'rules').flatMap(([, rule]) =>
    objectsAt(rule, 'backendRefs').flatMap(([, target]): readonly Backend[] => {
      const service = textAt(target, 'name');
      if (service === undefined || (textAt(target, 'kind') ?? 'Service') !== 'Service') return [];
      return [{ namespace: textAt(target, 'namespace') ?? namespace, service, port: portOf(at(target, 'port')) }];
    }),
  );
  return { ref, internal: false, gateways: parents.map(([, parent]) => `${textAt(parent, 'namespace') ?? namespace}/${textAt(parent, 'name') ?? ''}`), backends };
}

/** A VirtualService of Istio. Without a gateway, or with `mesh` alone, it is about traffic inside. */
export function virtualServiceEntrance(virtual: RawObject, ref: ObjectRef): Entrance {
  const namespace = ref.namespace ?? 'default';
  const gateways = textsAt(virtual, 'spec', 'gateways').filter((name) => name !== 'mesh');
  const routes = ROUTE_FIELDS.flatMap((field) => objectsAt(virtual, 'spec', field)).flatMap(([, route]) => objectsAt(route, 'route'));
  return {
    ref,
    internal: false,
    gateways: gateways.map((name) => (name.includes('/') ? name : `${namespace}/${name}`)),
    backends: routes.flatMap(([, route]) => istioBackend(objectAt(route, 'destination') ?? {}, namespace)),
  };
}

/** A Gateway of the Gateway API or of Istio. */
export function gatewayOf(gateway: RawObject, { namespace = 'default', name }: ObjectRef): Gateway {
  const classes = objectsAt(gateway, 'status', 'addresses').flatMap(([, address]) => classOf(textAt(address, 'value') ?? '') ?? []);
  const byAddress = classes.includes('public') ? false : classes.includes('private') ? true : undefined;
  // They end up on the Service that is made for it.
  const isMarked = internalProvider(objectAt(gateway, 'spec', 'infrastructure', 'annotations')) !== undefined;
  return { key: `${namespace}/${name}`, internal: byAddress ?? (isMarked || INTERNAL_CLASS.test(textAt(gateway, 'spec', 'gatewayClassName') ?? '')) };
}

function ingressBackend(backend: RawObject, namespace: string): readonly Backend[] {
  const service = textAt(backend, 'service', 'name') ?? textAt(backend, 'serviceName');
  const port = portOf(at(backend, 'service', 'port', 'number') ?? at(backend, 'service', 'port', 'name') ?? at(backend, 'servicePort'));
  return service === undefined ? [] : [{ namespace, service, port }];
}

/** A host is short, or as DNS knows it: `web`, `web.shop`, `web.shop.svc.cluster.local`. */
function istioBackend(destination: RawObject, home: string): readonly Backend[] {
  const [service = '', namespace = home, kind = 'svc'] = (textAt(destination, 'host') ?? '').split('.');
  return service === '' || kind !== 'svc' ? [] : [{ namespace, service, port: portOf(at(destination, 'port', 'number')) }];
}

function portOf(value: unknown): number | string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}
