import type { RawObject, Step } from '#src/model/raw.ts';
import { registry, textIn, textsIn } from '#src/model/terraform.ts';
import { ALIBABA, NCLOUD, NIFCLOUD, TENCENT } from '../providers.ts';
import { numbered, oneRule, ruleBlocks, says, sourcesIn, written } from './read.ts';
import { protocolOf, type AllowRule, type Firewall } from './rule.ts';

export const ALIBABA_FIREWALLS: readonly Firewall[] = [
  {
    types: ['alicloud_security_group_rule'],
    source: registry(ALIBABA, 'alicloud_security_group_rule'),
    rules: oneRule((body, path) => {
      if (!says(body, 'type', ['ingress']) || !says(body, 'policy', ['accept'], true)) return undefined;
      return { path, sources: sourcesIn(body, 'cidr_ip', 'ipv6_cidr_ip'), ports: written(protocolOf(textIn(body, 'ip_protocol')), sourcesIn(body, 'port_range')) };
    }),
  },
];

export const NCLOUD_FIREWALLS: readonly Firewall[] = [
  {
    types: ['ncloud_access_control_group_rule'],
    source: registry(NCLOUD, 'ncloud_access_control_group_rule'),
    rules: (values) => ruleBlocks(values, ['inbound'], ncloudRule),
  },
  {
    types: ['ncloud_network_acl_rule'],
    source: registry(NCLOUD, 'ncloud_network_acl_rule'),
    rules: (values) => ruleBlocks(values, ['inbound'], (body, path) => (says(body, 'rule_action', ['allow']) ? ncloudRule(body, path) : undefined)),
  },
];

export const NIFCLOUD_FIREWALLS: readonly Firewall[] = [
  {
    types: ['nifcloud_security_group_rule'],
    source: registry(NIFCLOUD, 'nifcloud_security_group_rule'),
    rules: oneRule((body, path) => {
      if (!says(body, 'type', ['in'])) return undefined;
      return { path, sources: sourcesIn(body, 'cidr_ip'), ports: [numbered(body, 'protocol', 'from_port', 'to_port')] };
    }),
  },
  {
    types: ['nifcloud_db_security_group', 'nifcloud_nas_security_group'],
    source: registry(NIFCLOUD, 'nifcloud_db_security_group'),
    // They are about the one port of the database or share behind them.
    rules: (values) => ruleBlocks(values, ['rule'], (body, path) => ({ path, sources: sourcesIn(body, 'cidr_ip'), ports: [{ protocol: 'tcp' }] })),
  },
];

export const TENCENT_FIREWALLS: readonly Firewall[] = [
  {
    types: ['tencentcloud_security_group_rule'],
    source: registry(TENCENT, 'tencentcloud_security_group_rule'),
    rules: oneRule((body, path) => {
      if (!says(body, 'type', ['ingress']) || !says(body, 'policy', ['accept'])) return undefined;
      return { path, sources: sourcesIn(body, 'cidr_ip'), ports: listed(textIn(body, 'ip_protocol'), textIn(body, 'port_range')) };
    }),
  },
  {
    types: ['tencentcloud_security_group_rule_set'],
    source: registry(TENCENT, 'tencentcloud_security_group_rule_set'),
    rules: (values) =>
      ruleBlocks(values, ['ingress'], (body, path) => {
        if (!says(body, 'action', ['accept'])) return undefined;
        return { path, sources: sourcesIn(body, 'cidr_block', 'ipv6_cidr_block'), ports: listed(textIn(body, 'protocol'), textIn(body, 'port')) };
      }),
  },
  {
    types: ['tencentcloud_security_group_lite_rule'],
    source: registry(TENCENT, 'tencentcloud_security_group_lite_rule'),
    rules: (values) => textsIn(values, 'ingress').map((text, index) => () => liteRule(text, ['ingress', index])),
  },
];

function ncloudRule(body: RawObject, path: readonly Step[]): AllowRule {
  return { path, sources: sourcesIn(body, 'ip_block'), ports: written(protocolOf(textIn(body, 'protocol')), sourcesIn(body, 'port_range')) };
}

/** `ACCEPT#0.0.0.0/0#22,80#TCP`. */
function liteRule(text: string, path: readonly Step[]): AllowRule | undefined {
  const [action, source = '', ports, protocol] = text.split('#');
  return action?.toUpperCase() === 'ACCEPT' ? { path, sources: [source], ports: listed(protocol, ports) } : undefined;
}

/** Ports in one text, with commas between them. */
function listed(protocol: string | undefined, ports: string | undefined): AllowRule['ports'] {
  return written(protocolOf(protocol), ports?.split(',') ?? []);
}
