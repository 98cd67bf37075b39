import { at, objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { podOf } from '#src/model/workload.ts';
import { parseRange } from '#src/network/addresses.ts';
import { parseImage } from '#src/model/image.ts';

/** The Service that answers DNS for pods. */
export interface Dns {
  readonly namespace: string;
  readonly name: string;
  /** Of its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Of its pods, where queries end up. */
  readonly ports: readonly { readonly protocol: string; readonly port: number | string }[];
  readonly addresses: readonly string[];
}

/** Where installers put it; elsewhere it is the Service of port 53 in kube-system that says so. */
const USUAL_PLACES: readonly (readonly [string, string])[] = [['kube-system', 'kube-dns'], ['openshift-dns', 'dns-default'], ['kube-system', 'rke2-coredns-rke2-coredns'], ['kube-system', 'coredns']];
const NAME_LABEL = 'kubernetes.io/name';
const DNS_NAMES = ['CoreDNS', 'KubeDNS'];
const LOCAL_DNS = /(^|\/)k8s-dns-node-cache$/;

/** Undefined where none chooses pods. */
export function dnsOf(services: readonly RawObject[]): Dns | undefined {
  const candidates = services.map(dnsService).filter((dns) => dns !== undefined);
  const usual = USUAL_PLACES.map(([namespace, name]) => candidates.find((one) => one.namespace === namespace && one.name === name)).find(Boolean);
  const { labelled, ...dns } = usual ?? candidates.find((one) => one.labelled) ?? { labelled: false, namespace: '' };
  return 'name' in dns ? dns : undefined;
}

function dnsService(service: RawObject): (Dns & { readonly labelled: boolean }) | undefined {
  const ports = objectsAt(service, 'spec', 'ports').filter(([, entry]) => at(entry, 'port') === 53).map(([, entry]) => ({ protocol: textAt(entry, 'protocol') ?? 'TCP', port: targetOf(entry) }));
  const selector = Object.fromEntries(textMapAt(service, 'spec', 'selector'));
  const addresses = [...new Set([textAt(service, 'spec', 'clusterIP') ?? '', ...textsAt(service, 'spec', 'clusterIPs')])].filter((address) => parseRange(address) !== undefined);
  if (ports.length === 0 || Object.keys(selector).length === 0 || addresses.length === 0) return undefined;
  const namespace = textAt(service, 'metadata', 'namespace') ?? 'default';
  const labelled = namespace === 'kube-system' && DNS_NAMES.includes(textAt(service, 'metadata', 'labels', NAME_LABEL) ?? '');
  return { namespace, name: textAt(service, 'metadata', 'name') ?? '', selector, ports, addresses, labelled };
}

function targetOf(entry: RawObject): number | string {
  const target = at(entry, 'targetPort');
  return typeof target === 'number' || (typeof target === 'string' && target !== '') ? target : 53;
}

/** Addresses that NodeLocal DNSCache listens on, as its arguments name them. */
export function localDnsOf(daemonSets: readonly RawObject[]): readonly string[] {
  const containers = daemonSets.flatMap((object) => podOf(object)?.containers ?? []);
  const caches = containers.filter(({ raw }) => LOCAL_DNS.test(parseImage(textAt(raw, 'image') ?? '')?.repository ?? ''));
  const written = caches.flatMap(({ raw }) => {
    const args = [...textsAt(raw, 'command'), ...textsAt(raw, 'args')];
    return args.flatMap((arg, index) => (/^--?localip$/.test(arg) ? (args[index + 1] ?? '') : (/^--?localip=(.*)$/.exec(arg)?.[1] ?? '')).split(','));
  });
  return [...new Set(written.map((address) => address.trim()))].filter((address) => parseRange(address) !== undefined);
}
