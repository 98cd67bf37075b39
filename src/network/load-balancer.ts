import { objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { classOf, isEverybody, parseRange, union, type AddressSet } from './addresses.ts';

/** How a cloud is told to make a load balancer that only its own network reaches. */
interface InternalMark {
  readonly provider: string;
  readonly annotations: readonly string[];
  readonly means: (value: string) => boolean;
  /** Where the annotation is documented. */
  readonly source: string;
}

const isTrue = (value: string) => value.toLowerCase() === 'true';
const is = (word: string) => (value: string) => value.toLowerCase() === word;

/** Services. A load balancer that none of them marks is public, save for {@link INTERNAL_BY_DEFAULT}. */
const INTERNAL_MARKS: readonly InternalMark[] = [
  { provider: 'AWS', annotations: ['service.beta.kubernetes.io/aws-load-balancer-scheme'], means: is('internal'), source: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/' },
  // The controller inside Kubernetes took any value but these two.
  { provider: 'AWS', annotations: ['service.beta.kubernetes.io/aws-load-balancer-internal'], means: (value) => value !== '' && value !== 'false', source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'Azure', annotations: ['service.beta.kubernetes.io/azure-load-balancer-internal'], means: isTrue, source: 'https://learn.microsoft.com/azure/aks/internal-lb' },
  { provider: 'Google', annotations: ['networking.gke.io/load-balancer-type', 'cloud.google.com/load-balancer-type'], means: is('internal'), source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balancing' },
  { provider: 'Scaleway', annotations: ['service.beta.kubernetes.io/scw-loadbalancer-private'], means: isTrue, source: 'https://github.com/scaleway/scaleway-cloud-controller-manager/blob/master/docs/loadbalancer-annotations.md' },
  { provider: 'OpenStack', annotations: ['service.beta.kubernetes.io/openstack-internal-load-balancer'], means: isTrue, source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'Hetzner', annotations: ['load-balancer.hetzner.cloud/disable-public-network'], means: isTrue, source: 'https://github.com/hetznercloud/hcloud-cloud-controller-manager/blob/main/docs/reference/load_balancer_annotations.md' },
  { provider: 'DigitalOcean', annotations: ['service.beta.kubernetes.io/do-loadbalancer-network'], means: is('internal'), source: 'https://docs.digitalocean.com/products/kubernetes/how-to/configure-load-balancers/' },
  { provider: 'Baidu', annotations: ['service.beta.kubernetes.io/cce-load-balancer-internal-vpc'], means: isTrue, source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'Alibaba', annotations: ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type'], means: is('intranet'), source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'OCI', annotations: ['service.beta.kubernetes.io/oci-load-balancer-internal', 'oci-network-load-balancer.oraclecloud.com/internal'], means: isTrue, source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'IBM', annotations: ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type'], means: is('private'), source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
  { provider: 'Tencent', annotations: ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid'], means: (value) => value !== '', source: 'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer' },
];

const SCHEME = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
/** Classes of load balancer that are internal unless they are given a scheme. */
const INTERNAL_BY_DEFAULT: ReadonlySet<string | undefined> = new Set(['service.k8s.aws/nlb', 'eks.amazonaws.com/nlb']);

/** Classes of load balancer that the internet never reaches, with who does. https://tailscale.com/kb/1439/kubernetes-operator-cluster-ingress */
const PRIVATE_CLASSES: ReadonlyMap<string | undefined, string> = new Map([['tailscale', 'only the tailnet reaches it (Tailscale)']]);

const RANGE_ANNOTATIONS = ['service.beta.kubernetes.io/load-balancer-source-ranges', 'service.beta.kubernetes.io/azure-allowed-ip-ranges'];

/** Providers whose load balancers do not filter by source address, by what their nodes call them. */
const WITHOUT_RANGES: Readonly<Record<string, string>> = { hcloud: 'Hetzner Cloud' };
const TARGET_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type';
const TARGET_ATTRIBUTES = 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes';

/** The provider among these clouds whose load balancers take source ranges and do not act on them. */
export function cloudWithoutRanges(clouds: ReadonlySet<string>): string | undefined {
  return [...clouds].map((cloud) => (Object.hasOwn(WITHOUT_RANGES, cloud) ? WITHOUT_RANGES[cloud] : undefined)).find(Boolean);
}

/**
 * Whether the pods behind a Service of type LoadBalancer see the addresses of its clients. Through nodes they do only with
 * `externalTrafficPolicy: Local`; load balancers of AWS that send to the pods themselves keep them when they are told to.
 */
export function keepsClientAddresses(service: RawObject): boolean {
  if (objectsAt(service, 'status', 'loadBalancer', 'ingress').some(([, ingress]) => textAt(ingress, 'ipMode') === 'Proxy')) return false;
  const attributes = (textAt(service, 'metadata', 'annotations', TARGET_ATTRIBUTES) ?? '').split(',').map((text) => text.trim());
  if (textAt(service, 'metadata', 'annotations', TARGET_TYPE) === 'ip') return attributes.includes('preserve_client_ip.enabled=true');
  return textAt(service, 'spec', 'externalTrafficPolicy') === 'Local';
}

/** Who reaches a Service of type LoadBalancer. */
export interface Balancer {
  /** Only the provider's network reaches it. */
  readonly internal: boolean;
  /** In words, why it counts as internal. */
  readonly because: string | undefined;
  /** Whom it lets in, where that is limited at all; the whole internet counts as not limited. */
  readonly ranges: AddressSet | undefined;
  /** The limits as written. */
  readonly written: readonly string[];
}

/** Entries that are no CIDR are left out, as providers do. */
export function balancerOf(service: RawObject): Balancer {
  const written = writtenRanges(service);
  const ranges = union(written.map((text) => parseRange(text) ?? []));
  const because = internalReason(service);
  return { internal: because !== undefined, because, ranges: ranges.length === 0 || isEverybody(ranges) ? undefined : ranges, written };
}

/** What addresses that were given to it prove; undefined where they prove nothing. */
export function reachOfStatus(object: RawObject): 'internal' | 'public' | undefined {
  const given = objectsAt(object, 'status', 'loadBalancer', 'ingress').map(([, ingress]) => ingress);
  const classes = given.flatMap((ingress) => classOf(textAt(ingress, 'ip') ?? '') ?? []);
  if (classes.includes('public')) return 'public';
  if (classes.includes('private')) return 'internal';
  // So AWS calls those that are not in public DNS with a public address.
  return given.some((ingress) => /^internal-.*\.elb\.amazonaws\.com/.test(textAt(ingress, 'hostname') ?? '')) ? 'internal' : undefined;
}

/** The cloud that annotations of a Service, or for one, tell to keep its load balancer to its own network. */
export function internalProvider(given: RawObject | undefined): string | undefined {
  return INTERNAL_MARKS.find(({ annotations, means }) => annotations.some((annotation) => means(textAt(given, annotation) ?? '')))?.provider;
}

function internalReason(service: RawObject): string | undefined {
  const reach = reachOfStatus(service);
  if (reach === 'public') return undefined;
  if (reach === 'internal') return 'its address is private';
  const provider = internalProvider(objectAt(service, 'metadata', 'annotations'));
  if (provider !== undefined) return `an annotation says so (${provider})`;
  const balancerClass = textAt(service, 'spec', 'loadBalancerClass');
  const privately = PRIVATE_CLASSES.get(balancerClass);
  if (privately !== undefined) return privately;
  if (INTERNAL_BY_DEFAULT.has(balancerClass) && textAt(service, 'metadata', 'annotations', SCHEME) === undefined) return `${String(balancerClass)} is internal unless told otherwise`;
  return classOf(textAt(service, 'spec', 'loadBalancerIP') ?? '') === 'private' ? 'the address it asks for is private' : undefined;
}

function writtenRanges(service: RawObject): readonly string[] {
  const inSpec = textsAt(service, 'spec', 'loadBalancerSourceRanges');
  if (inSpec.length > 0) return inSpec;
  const inAnnotation = RANGE_ANNOTATIONS.map((annotation) => textAt(service, 'metadata', 'annotations', annotation)).find(Boolean) ?? '';
  return inAnnotation.split(',').map((text) => text.trim()).filter((text) => text !== '');
}
