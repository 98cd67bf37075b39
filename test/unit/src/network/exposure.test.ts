import { describe, expect, test } from '@jest/globals';
import type { ObjectRef } from '#src/model/finding.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { entranceOf, gatewayIn } from '#src/network/collect.ts';
import { describeExposure, doorsOf, exposuresOf } from '#src/network/exposure.ts';
import { formatPorts } from '#src/network/ports.ts';
import { serviceOf } from '#src/network/services.ts';
import { workloadOf, type Workload } from '#src/network/workloads.ts';
import type { Kind } from '#src/model/kinds.ts';

const HTTP = { ports: [{ name: 'http', port: 80, targetPort: 'web' }, { name: 'admin', port: 81, targetPort: 9000 }], selector: { app: 'web' } };
const INSIDE = object('Service', 'web', HTTP);
const GATEWAY = object('Gateway', 'edge', {});

describe('src/network/exposure.ts', () => {
  test.each<[string, readonly RawObject[], readonly string[]]>([
    ['a ClusterIP Service', [INSIDE], []],
    ['a NodePort Service', [object('Service', 'web', { ...HTTP, type: 'NodePort' })], ['NodePort shop/web']],
    ['a load balancer', [object('Service', 'web', { ...HTTP, type: 'LoadBalancer' })], ['LoadBalancer shop/web']],
    ['a public address that the Service claims', [object('Service', 'web', { ...HTTP, externalIPs: ['203.0.113.5'] })], ['external address 203.0.113.5 of Service shop/web']],
    ['a private address that it claims', [object('Service', 'web', { ...HTTP, externalIPs: ['10.0.0.5'] })], []],
    ['an Ingress', [INSIDE, object('Ingress', 'in', { rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { number: 80 } } } }] } }] })], ['Ingress shop/in → Service shop/web']],
    ['the default backend of an Ingress', [INSIDE, object('Ingress', 'in', { defaultBackend: { service: { name: 'web', port: { name: 'http' } } } })], ['Ingress shop/in → Service shop/web']],
    ['an Ingress as it was written once', [INSIDE, object('Ingress', 'in', { backend: { serviceName: 'web', servicePort: 80 } })], ['Ingress shop/in → Service shop/web']],
    ['an Ingress for another Service', [INSIDE, object('Ingress', 'in', { defaultBackend: { service: { name: 'api', port: { number: 80 } } } })], []],
    ['an Ingress of an internal class', [INSIDE, object('Ingress', 'in', { ingressClassName: 'internal-nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } })], []],
    ['an Ingress of a load balancer that is internal by itself', [INSIDE, object('Ingress', 'in', { ingressClassName: 'alb', defaultBackend: { service: { name: 'web', port: { number: 80 } } } })], []],
    ['an Ingress of Tailscale', [INSIDE, object('Ingress', 'in', { ingressClassName: 'tailscale', defaultBackend: { service: { name: 'web', port: { number: 80 } } } })], []],
    ['an Ingress of Tailscale with a funnel', [INSIDE, withAnnotations(object('Ingress', 'in', { ingressClassName: 'tailscale', defaultBackend: { service: { name: 'web', port: { number: 80 } } } }), { 'tailscale.com/funnel': 'true' })], ['Ingress shop/in → Service shop/web']],
    ['a Route', [INSIDE, object('Route', 'in', { to: { kind: 'Service', name: 'web' } })], ['Route shop/in → Service shop/web']],
    ['an HTTPRoute on a Gateway', [INSIDE, GATEWAY, object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] })], ['HTTPRoute shop/in → Service shop/web']],
    ['a TCPRoute of another namespace', [INSIDE, GATEWAY, object('TCPRoute', 'in', { parentRefs: [{ name: 'edge', namespace: 'shop' }], rules: [{ backendRefs: [{ name: 'web', namespace: 'shop', port: 81 }] }] }, 'net')], ['TCPRoute net/in → Service shop/web']],
    ['an HTTPRoute on a Gateway that does not exist', [INSIDE, object('HTTPRoute', 'in', { parentRefs: [{ name: 'gone' }], rules: [{ backendRefs: [{ name: 'web' }] }] })], []],
    ['an HTTPRoute on an internal Gateway', [INSIDE, object('Gateway', 'edge', { gatewayClassName: 'gke-l7-rilb' }), object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web' }] }] })], []],
    ['an HTTPRoute of a mesh', [INSIDE, object('HTTPRoute', 'in', { parentRefs: [{ kind: 'Service', name: 'web' }], rules: [{ backendRefs: [{ name: 'web' }] }] })], []],
    ['an HTTPRoute to something that is no Service', [INSIDE, GATEWAY, object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ kind: 'Bucket', name: 'web' }] }] })], []],
    ['an HTTPRoute on a Gateway whose load balancer is to be internal', [INSIDE, object('Gateway', 'edge', { infrastructure: { annotations: { 'service.beta.kubernetes.io/do-loadbalancer-network': 'INTERNAL' } } }), object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web' }] }] })], []],
    ['a VirtualService on a Gateway', [INSIDE, object('IstioGateway', 'edge', {}), object('VirtualService', 'in', { gateways: ['shop/edge', 'mesh'], http: [{ route: [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }] }] })], ['VirtualService shop/in → Service shop/web']],
    ['a VirtualService for traffic inside', [INSIDE, object('VirtualService', 'in', { http: [{ route: [{ destination: { host: 'web' } }] }] })], []],
  ])('finds the way of %s', (_, objects, ways) => {
    expect(waysOf(objects)).toEqual(ways.map((way) => `internet → ${way} → Deployment shop/web (2 pods)`));
  });

  test('takes a Gateway that files do not hold for one that is elsewhere', () => {
    const route = object('HTTPRoute', 'in', { parentRefs: [{ name: 'edge', namespace: 'infra' }], rules: [{ backendRefs: [{ name: 'web' }] }] });

    expect(waysOf([INSIDE, route], { complete: false })).toHaveLength(1);
    expect(waysOf([INSIDE, route], { complete: true })).toEqual([]);
  });

  test('knows the ports of the pods behind a door', () => {
    const [exposure] = exposuresOf([workload()], doorsOf({ services: [serviceOf(object('Service', 'web', { ...HTTP, type: 'NodePort' }), ref('Service', 'web'))], entrances: [], gateways: [], complete: true }));

    expect(formatPorts(exposure?.ports ?? {})).toEqual(['TCP/8080', 'TCP/9000']);
  });
});

function waysOf(objects: readonly RawObject[], { complete = true }: { readonly complete?: boolean } = {}): readonly string[] {
  const kindOf = (one: RawObject) => one.known as Kind;
  const refOf = (one: RawObject) => one.metadata as ObjectRef;
  const services = objects.filter((one) => kindOf(one) === 'Service').map((one) => serviceOf(one, { ...refOf(one), kind: 'Service' }));
  const entrances = objects.flatMap((one) => entranceOf(kindOf(one), one, { ...refOf(one), kind: kindOf(one) }) ?? []);
  const gateways = objects.flatMap((one) => gatewayIn(kindOf(one), one, { ...refOf(one), kind: kindOf(one) }) ?? []);
  return exposuresOf([workload()], doorsOf({ services, entrances, gateways, complete })).map(describeExposure);
}

function workload(): Workload {
  const labels = { app: 'web', tier: 'front' };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 2, template: { metadata: { labels }, spec: { containers: [{ name: 'web', ports: [{ name: 'web', containerPort: 8080 }] }] } } } };
  const found = workloadOf(deployment, ref('Deployment', 'web'));
  if (found === undefined) throw new Error('the deployment has no template');
  return found;
}

function withAnnotations(plain: RawObject, annotations: RawObject): RawObject {
  return { ...plain, metadata: { ...objectAt(plain, 'metadata'), annotations } };
}

function object(known: string, name: string, spec: object, namespace = 'shop'): RawObject {
  return { known, metadata: { name, namespace }, spec };
}

function ref(kind: string, name: string): ObjectRef {
  return { kind, namespace: 'shop', name };
}
