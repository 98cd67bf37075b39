import type { RawObject, Step } from '#src/model/raw.ts';
import { blockIn, flagIn, isSet, numberIn, registry, textIn } from '#src/model/terraform.ts';
import { OPENSTACK, ORACLE } from '../providers.ts';
import { numbered, oneRule, ruleBlocks, says, sourcesIn, written } from './read.ts';
import { portRange, protocolOf, type AllowRule, type Firewall, type PortRange } from './rule.ts';

export const OPENSTACK_FIREWALLS: readonly Firewall[] = [
  {
    types: ['openstack_networking_secgroup_rule_v2'],
    source: registry(OPENSTACK, 'openstack_networking_secgroup_rule_v2'),
    rules: oneRule((body, path) => {
      if (!says(body, 'direction', ['ingress']) || isSet(body, 'remote_group_id') || isSet(body, 'remote_address_group_id')) return undefined;
      // A rule that names no source is for everyone.
      const sources = isSet(body, 'remote_ip_prefix') ? sourcesIn(body, 'remote_ip_prefix') : ['0.0.0.0/0'];
      return { path, sources, ports: [numbered(body, 'protocol', 'port_range_min', 'port_range_max')] };
    }),
  },
  {
    types: ['openstack_compute_secgroup_v2'],
    source: registry(OPENSTACK, 'openstack_compute_secgroup_v2'),
    rules: (values) => ruleBlocks(values, ['rule'], (body, path) => ({ path, sources: sourcesIn(body, 'cidr'), ports: [numbered(body, 'ip_protocol', 'from_port', 'to_port')] })),
  },
  {
    types: ['openstack_fw_rule_v1', 'openstack_fw_rule_v2'],
    source: registry(OPENSTACK, 'openstack_fw_rule_v2'),
    rules: oneRule((body, path) => {
      if (!says(body, 'action', ['allow']) || flagIn(body, 'enabled') === false) return undefined;
      const sources = isSet(body, 'source_ip_address') ? sourcesIn(body, 'source_ip_address') : ['0.0.0.0/0'];
      return { path, sources, ports: written(protocolOf(textIn(body, 'protocol')), sourcesIn(body, 'destination_port')) };
    }),
  },
];

export const ORACLE_FIREWALLS: readonly Firewall[] = [
  {
    types: ['oci_core_security_list', 'oci_core_default_security_list'],
    source: registry(ORACLE, 'oci_core_security_list'),
    rules: (values) => ruleBlocks(values, ['ingress_security_rules'], (body, path) => oracleRule(body, path, [])),
  },
  {
    types: ['oci_core_network_security_group_security_rule'],
    source: registry(ORACLE, 'oci_core_network_security_group_security_rule'),
    rules: oneRule((body, path) => (says(body, 'direction', ['ingress']) ? oracleRule(body, path, ['destination_port_range']) : undefined)),
  },
];

/** Which ports stands in a block named after the protocol. */
function oracleRule(body: RawObject, path: readonly Step[], within: readonly string[]): AllowRule {
  const options = (['tcp', 'udp'] as const).flatMap((protocol): readonly PortRange[] => {
    const block = blockIn(body, `${protocol}_options`);
    return block === undefined ? [] : [portRange(protocol, numberIn(block.body, ...within, 'min'), numberIn(block.body, ...within, 'max'))];
  });
  return { path, sources: sourcesIn(body, 'source'), ports: options.length > 0 ? options : [{ protocol: protocolOf(textIn(body, 'protocol')) }] };
}
