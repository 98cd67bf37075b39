import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { formatSet } from '#src/network/addresses.ts';
import { balancerOf, cloudWithoutRanges, keepsClientAddresses } from '#src/network/load-balancer.ts';

const MARKS: readonly (readonly [annotation: string, internal: string, external: string])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', 'internal', 'internet-facing'],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', 'true', 'false'],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', '0.0.0.0/0', 'false'],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', 'true', 'false'],
  ['networking.gke.io/load-balancer-type', 'Internal', 'External'],
  ['cloud.google.com/load-balancer-type', 'Internal', 'External'],
  ['service.beta.kubernetes.io/scw-loadbalancer-private', 'true', 'false'],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', 'true', 'false'],
  ['load-balancer.hetzner.cloud/disable-public-network', 'true', 'false'],
  ['service.beta.kubernetes.io/do-loadbalancer-network', 'INTERNAL', 'EXTERNAL'],
  ['service.beta.kubernetes.io/cce-load-balancer-internal-vpc', 'true', 'false'],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', 'intranet', 'internet'],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', 'true', 'false'],
  ['oci-network-load-balancer.oraclecloud.com/internal', 'true', 'false'],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', 'private', 'public'],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', 'subnet-4711', ''],
];

describe('src/network/load-balancer.ts', () => {
  test.each(MARKS)('%s: %s is internal, %j is not', (annotation, internal, external) => {
    expect(balancerOf(service({}, { [annotation]: internal })).internal).toBe(true);
    expect(balancerOf(service({}, { [annotation]: external })).internal).toBe(false);
  });

  test.each<[string, RawObject, boolean]>([
    ['nothing is said', service({}), false],
    ['the class is internal unless told otherwise', service({ loadBalancerClass: 'service.k8s.aws/nlb' }), true],
    ['the class is told otherwise', service({ loadBalancerClass: 'service.k8s.aws/nlb' }, { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' }), false],
    ['the class is that of a private network', service({ loadBalancerClass: 'tailscale' }), true],
    ['its address is private', service({}, {}, [{ ip: '10.1.2.3' }]), true],
    ['one of its addresses is public', service({}, {}, [{ ip: '10.1.2.3' }, { ip: '203.0.113.9' }]), false],
    ['its address is public, whatever an annotation says', service({}, { 'networking.gke.io/load-balancer-type': 'Internal' }, [{ ip: '203.0.113.9' }]), false],
    ['its name is that of an internal one', service({}, {}, [{ hostname: 'internal-k8s-web-1.eu-west-1.elb.amazonaws.com' }]), true],
    ['its name says nothing', service({}, {}, [{ hostname: 'k8s-web-1.elb.eu-west-1.amazonaws.com' }]), false],
    ['it asks for a private address', service({ loadBalancerIP: '192.168.7.1' }), true],
  ])('tells whether it is internal where %s', (_, object, expected) => {
    expect(balancerOf(object).internal).toBe(expected);
  });

  test.each<[string, RawObject, readonly string[] | undefined]>([
    ['are absent', service({}), undefined],
    ['are empty', service({ loadBalancerSourceRanges: [] }), undefined],
    ['are everybody', service({ loadBalancerSourceRanges: ['198.51.100.0/24', '0.0.0.0/0'] }), undefined],
    ['are everybody in halves', service({ loadBalancerSourceRanges: ['0.0.0.0/1', '128.0.0.0/1'] }), undefined],
    ['are everybody of IPv6', service({ loadBalancerSourceRanges: ['::/0'] }), undefined],
    ['are in the spec', service({ loadBalancerSourceRanges: ['198.51.100.0/24'] }, { 'service.beta.kubernetes.io/load-balancer-source-ranges': '0.0.0.0/0' }), ['198.51.100.0/24']],
    ['are in an annotation', service({}, { 'service.beta.kubernetes.io/load-balancer-source-ranges': '198.51.100.0/24, 203.0.113.1/32' }), ['198.51.100.0/24', '203.0.113.1/32']],
    ['are of Azure', service({}, { 'service.beta.kubernetes.io/azure-allowed-ip-ranges': '198.51.100.0/24' }), ['198.51.100.0/24']],
    ['hold only what is no range', service({ loadBalancerSourceRanges: ['office'] }), undefined],
  ])('tells whom it lets in where ranges %s', (_, object, expected) => {
    const { ranges } = balancerOf(object);

    expect(ranges === undefined ? undefined : formatSet(ranges)).toEqual(expected);
  });

  const LOCAL = { externalTrafficPolicy: 'Local' };
  const TARGETS = { 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip' };
  const ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes';

  test.each<[string, RawObject, boolean]>([
    ['through any node', service({}), false],
    ['through any node, as is written', service({ externalTrafficPolicy: 'Cluster' }), false],
    ['to nodes with a pod', service(LOCAL), true],
    ['by a proxy', service(LOCAL, {}, [{ ip: '203.0.113.9', ipMode: 'Proxy' }]), false],
    ['by an address of the nodes', service(LOCAL, {}, [{ ip: '203.0.113.9', ipMode: 'VIP' }]), true],
    ['to pods of AWS', service(LOCAL, TARGETS), false],
    ['to pods of AWS with their addresses', service({}, { ...TARGETS, [ATTRIBUTES]: 'deregistration_delay.timeout_seconds=30, preserve_client_ip.enabled=true' }), true],
    ['to nodes of AWS with their addresses', service({}, { [ATTRIBUTES]: 'preserve_client_ip.enabled=true' }), false],
  ])('tells whether pods see the addresses of clients that come %s', (_, object, expected) => {
    expect(keepsClientAddresses(object)).toBe(expected);
  });

  test.each([[['hcloud'], 'Hetzner Cloud'], [['aws', 'hcloud'], 'Hetzner Cloud'], [['aws'], undefined], [['constructor'], undefined], [[], undefined]] as const)('of nodes of %j, load balancers that do not filter are those of %s', (clouds, expected) => {
    expect(cloudWithoutRanges(new Set(clouds))).toBe(expected);
  });
});

function service(spec: object, annotations: object = {}, given: readonly object[] = []): RawObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', annotations }, spec: { type: 'LoadBalancer', ...spec }, status: { loadBalancer: { ingress: given } } };
}
