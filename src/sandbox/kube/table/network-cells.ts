import { integerAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import { firstFew, labelsText, NONE, selectorText, text, textOr, type Cells } from './cell.ts';

const SHOWN_ADDRESSES = 3;

/** Services and what leads to pods. */
export const NETWORK_CELLS: Readonly<Record<string, Cells>> = {
  services: {
    Type: text('spec', 'type'),
    'Cluster-IP': (service) => textsAt(service, 'spec', 'clusterIPs')[0] ?? NONE,
    'External-IP': externalAddress,
    'Port(s)'(service) {
      const ports = objectsAt(service, 'spec', 'ports').map(([, port]) => {
        const node = integerAt(port, 'nodePort') ?? 0;
        return `${String(port.port)}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol') ?? ''}`;
      });
      return ports.length === 0 ? NONE : ports.join(',');
    },
    Selector: (service) => labelsText(objectAt(service, 'spec', 'selector')),
  },
  endpoints: { Endpoints: endpointsText },
  'endpointslices.discovery.k8s.io': {
    AddressType: text('addressType'),
    Ports: (slice) => firstFew(objectsAt(slice, 'ports').map(([, port]) => String(integerAt(port, 'port') ?? textAt(port, 'name') ?? '*')), SHOWN_ADDRESSES),
    Endpoints: (slice) => firstFew(objectsAt(slice, 'endpoints').flatMap(([, endpoint]) => textsAt(endpoint, 'addresses')), SHOWN_ADDRESSES),
  },
  'ingresses.networking.k8s.io': {
    Class: textOr(NONE, 'spec', 'ingressClassName'),
    Hosts(ingress) {
      const hosts = objectsAt(ingress, 'spec', 'rules').flatMap(([, rule]) => textAt(rule, 'host') ?? []);
      return hosts.length === 0 ? '*' : firstFew(hosts, SHOWN_ADDRESSES);
    },
    Address: (ingress) => balancerAddresses(ingress),
    Ports: (ingress) => (objectsAt(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80'),
  },
  'ingressclasses.networking.k8s.io': {
    Name: (object) => `${object.metadata.name ?? ''}${isDefault(object, 'ingressclass.kubernetes.io/is-default-class') ? ' (default)' : ''}`,
    Controller: text('spec', 'controller'),
    Parameters(object) {
      const parameters = objectAt(object, 'spec', 'parameters');
      if (parameters === undefined) return NONE;
      const group = textAt(parameters, 'apiGroup');
      return `${textAt(parameters, 'kind') ?? ''}${group === undefined ? '' : `.${group}`}/${textAt(parameters, 'name') ?? ''}`;
    },
  },
  'networkpolicies.networking.k8s.io': { 'Pod-Selector': (policy) => selectorText(objectAt(policy, 'spec', 'podSelector')) },
  'servicecidrs.networking.k8s.io': { CIDRs: (object) => textsAt(object, 'spec', 'cidrs').join(',') },
  'ipaddresses.networking.k8s.io': {
    ParentRef(address) {
      const parent = objectAt(address, 'spec', 'parentRef');
      if (parent === undefined) return NONE;
      const group = textAt(parent, 'group');
      const namespace = textAt(parent, 'namespace');
      return [`${textAt(parent, 'resource') ?? ''}${group === undefined ? '' : `.${group}`}`, ...(namespace === undefined ? [] : [namespace]), textAt(parent, 'name') ?? ''].join('/');
    },
  },
};

export function isDefault({ metadata }: KubeObject, annotation: string): boolean {
  return metadata.annotations?.[annotation] === 'true';
}

function externalAddress(service: KubeObject): string {
  const external = textsAt(service, 'spec', 'externalIPs');
  switch (textAt(service, 'spec', 'type')) {
    case 'LoadBalancer': {
      const addresses = [...(balancerAddresses(service) === '' ? [] : [balancerAddresses(service)]), ...external];
      return addresses.length === 0 ? '<pending>' : addresses.join(',');
    }
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName') ?? '';
    default:
      return external.length === 0 ? NONE : external.join(',');
  }
}

function balancerAddresses(object: RawObject): string {
  const addresses = objectsAt(object, 'status', 'loadBalancer', 'ingress').flatMap(([, ingress]) => textAt(ingress, 'ip') ?? textAt(ingress, 'hostname') ?? []);
  return [...new Set(addresses)].join(',');
}

function endpointsText(endpoints: KubeObject): string {
  const addresses = objectsAt(endpoints, 'subsets').flatMap(([, subset]) => {
    const hosts = objectsAt(subset, 'addresses').map(([, address]) => textAt(address, 'ip') ?? '');
    const ports = objectsAt(subset, 'ports').map(([, port]) => integerAt(port, 'port') ?? 0);
    if (ports.length === 0) return hosts;
    return ports.flatMap((port) => hosts.map((host) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)));
  });
  return objectsAt(endpoints, 'subsets').length === 0 ? NONE : addresses.length === 0 ? '' : firstFew(addresses, SHOWN_ADDRESSES);
}
