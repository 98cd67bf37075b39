import type { RawObject, Step } from '#src/model/raw.ts';
import { isSet, numberIn, registry, textIn } from '#src/model/terraform.ts';
import { DIGITALOCEAN, HETZNER, SCALEWAY, YANDEX } from '../providers.ts';
import { numbered, oneRule, ruleBlocks, says, sourcesIn, written } from './read.ts';
import { portRange, protocolOf, type AllowRule, type Firewall, type PortRange } from './rule.ts';

export const SCALEWAY_FIREWALLS: readonly Firewall[] = [
  {
    types: ['scaleway_instance_security_group'],
    source: registry(SCALEWAY, 'scaleway_instance_security_group'),
    rules: scalewayRules,
  },
  {
    types: ['scaleway_instance_security_group_rules'],
    source: registry(SCALEWAY, 'scaleway_instance_security_group_rules'),
    rules: (values) => ruleBlocks(values, ['inbound_rule'], scalewayRule),
  },
];

export const DIGITALOCEAN_FIREWALLS: readonly Firewall[] = [
  {
    types: ['digitalocean_firewall'],
    source: registry(DIGITALOCEAN, 'digitalocean_firewall'),
    rules: (values) =>
      ruleBlocks(values, ['inbound_rule'], (body, path) => ({ path, sources: sourcesIn(body, 'source_addresses'), ports: written(protocolOf(textIn(body, 'protocol')), sourcesIn(body, 'port_range')) })),
  },
];

export const HETZNER_FIREWALLS: readonly Firewall[] = [
  {
    types: ['hcloud_firewall'],
    source: registry(HETZNER, 'hcloud_firewall'),
    rules: (values) =>
      ruleBlocks(values, ['rule'], (body, path) =>
        says(body, 'direction', ['in']) ? { path, sources: sourcesIn(body, 'source_ips'), ports: written(protocolOf(textIn(body, 'protocol')), sourcesIn(body, 'port')) } : undefined,
      ),
  },
];

export const YANDEX_FIREWALLS: readonly Firewall[] = [
  {
    types: ['yandex_vpc_security_group', 'yandex_vpc_default_security_group'],
    source: registry(YANDEX, 'yandex_vpc_security_group'),
    rules: (values) => ruleBlocks(values, ['ingress'], yandexRule),
  },
  {
    types: ['yandex_vpc_security_group_rule'],
    source: registry(YANDEX, 'yandex_vpc_security_group_rule'),
    rules: oneRule((body, path) => (says(body, 'direction', ['ingress']) ? yandexRule(body, path) : undefined)),
  },
];

function* scalewayRules(values: RawObject): Generator<() => AllowRule | undefined> {
  // What no rule is about is let in unless it is said otherwise.
  yield () => (says(values, 'inbound_default_policy', ['accept'], true) ? { path: ['inbound_default_policy'], sources: ['0.0.0.0/0'], ports: [{ protocol: 'all' }] } : undefined);
  yield* ruleBlocks(values, ['inbound_rule'], scalewayRule);
}

function scalewayRule(body: RawObject, path: readonly Step[]): AllowRule | undefined {
  if (!says(body, 'action', ['accept'])) return undefined;
  const protocol = protocolOf(textIn(body, 'protocol') ?? 'tcp');
  const sources = sourcesIn(body, 'ip', 'ip_range');
  return { path, sources: sources.length === 0 ? ['0.0.0.0/0'] : sources, ports: written(protocol, sourcesIn(body, 'port', 'port_range')) };
}

function yandexRule(body: RawObject, path: readonly Step[]): AllowRule {
  return { path, sources: sourcesIn(body, 'v4_cidr_blocks', 'v6_cidr_blocks'), ports: [yandexPorts(body)] };
}

function yandexPorts(body: RawObject): PortRange {
  if (!isSet(body, 'port')) return numbered(body, 'protocol', 'from_port', 'to_port');
  const port = numberIn(body, 'port');
  return portRange(protocolOf(textIn(body, 'protocol')), port, port);
}
