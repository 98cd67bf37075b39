import type { ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { isObject, listAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { contains } from '#src/network/addresses.ts';
import type { ClosingForm } from './block-form.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { calicoForm, calicoRule, type CalicoNeighbors } from './deny-rules.ts';
import { addressesOf, byFamily, cidrsOf, type Entry, type Passage } from './entry.ts';
import { apiServerPassages, openRanges } from './isolation.ts';
import type { Target } from './target.ts';

/**
 * Closes a direction in the policy of Calico that also denies: what denies comes first, then what is let through, and what is left is
 * closed by Calico itself. A NetworkPolicy of Kubernetes beside it would be in vain, because `Pass` leads past it.
 */
export function calicoIsolation(target: Target, direction: ConnectionDirection, kept: readonly Passage[], neighbors: CalicoNeighbors, network: ClusterNetwork, settings: ConnectionSettings): ClosingForm {
  return {
    ...calicoForm(target, direction, neighbors),
    tail: (ground) => ground.filter((rule) => isObject(rule) && rule.action === 'Pass'),
    opens: () => [...(direction === 'egress' ? dnsRules(network) : []), ...clusterRules(direction, network, settings), ...(direction === 'egress' ? apiServerPassages(network).flatMap(calicoAllows) : []), ...kept.flatMap(calicoAllows)],
  };
}

/** Ports need a protocol, and a rule has one. */
export function calicoAllows({ direction, cidrs, ports }: Passage): readonly RawObject[] {
  const byProtocol = [...Map.groupBy(ports, ({ protocol }) => protocol)];
  return cidrs.flatMap((cidr) => {
    if (ports.length === 0) return [allowing(direction, [cidr])];
    return byProtocol.map(([protocol, members]) => allowing(direction, [cidr], protocol, members.map(({ port }) => port)));
  });
}

/** Addresses of one rule are of one family. */
function allowing(direction: ConnectionDirection, nets: readonly string[], protocol?: string, ports: readonly number[] = []): RawObject {
  const head = { action: 'Allow', ...(protocol !== undefined && { protocol }) };
  const onPorts = ports.length > 0 && { ports };
  if (direction === 'egress') return calicoRule({ ...head, destination: { ...(nets.length > 0 && { nets }), ...onPorts } });
  return calicoRule({ ...head, source: { nets }, ...(onPorts && { destination: onPorts }) });
}

/** The pods that answer are in the cluster; some data paths judge by the address of the Service, and the cache on the node has one of its own. */
function dnsRules({ dns, localDns }: ClusterNetwork): readonly RawObject[] {
  const families = dns === undefined ? [[]] : byFamily(cidrsOf([...dns.addresses, ...localDns]));
  return families.flatMap((nets) => ['UDP', 'TCP'].map((protocol) => allowing('egress', nets, protocol, [53])));
}

function clusterRules(direction: ConnectionDirection, network: ClusterNetwork, settings: ConnectionSettings): readonly RawObject[] {
  const pods = calicoRule({ action: 'Allow', [direction === 'egress' ? 'destination' : 'source']: { namespaceSelector: 'all()' } });
  return [pods, ...byFamily(openRanges(network, settings)).map((nets) => allowing(direction, nets))];
}

/** Whether the policy closes this direction: it lets some through, and no `Pass` comes before them. */
export function calicoCloses(spec: RawObject, direction: ConnectionDirection): boolean {
  const actions = objectsAt(spec, direction).map(([, rule]) => textAt(rule, 'action'));
  return actions.includes('Allow') && !actions.slice(0, actions.indexOf('Allow')).includes('Pass');
}

/** Tells whether a policy that closes the direction lets these addresses through. What it denies has been looked at before. */
export function calicoLets(spec: RawObject, direction: ConnectionDirection): (entry: Entry) => boolean {
  const peer = direction === 'egress' ? 'destination' : 'source';
  const allowing = objectsAt(spec, direction).map(([, rule]) => rule).filter((rule) => textAt(rule, 'action') === 'Allow' && textAt(rule, peer, 'namespaceSelector') === undefined);
  const rules = allowing.map((rule) => ({ protocol: textAt(rule, 'protocol'), ports: listAt(rule, 'destination', 'ports'), nets: textsAt(rule, peer, 'nets') })).map((rule) => ({ ...rule, addresses: addressesOf(rule.nets) }));
  return ({ cidrs, protocol, port }) =>
    rules.some((rule) => {
      const isOfPort = (rule.protocol ?? protocol) === protocol && (rule.ports.length === 0 || rule.ports.includes(port));
      const isOfAddress = rule.nets.length === 0 || (cidrs.length > 0 && contains(rule.addresses, addressesOf(cidrs)));
      return isOfPort && isOfAddress;
    });
}
