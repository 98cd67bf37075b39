import type { RawObject, Step } from '#src/model/raw.ts';
import { flagIn, registry, textIn, textsIn } from '#src/model/terraform.ts';
import { AZURE, GOOGLE } from '../providers.ts';
import { oneRule, ruleBlocks, says, sourcesIn, written } from './read.ts';
import { protocolOf, type AllowRule, type Firewall } from './rule.ts';

export const AZURE_FIREWALLS: readonly Firewall[] = [
  {
    types: ['azurerm_network_security_group'],
    source: registry(AZURE, 'azurerm_network_security_group'),
    rules: (values) => ruleBlocks(values, ['security_rule'], azureRule),
  },
  { types: ['azurerm_network_security_rule'], source: registry(AZURE, 'azurerm_network_security_rule'), rules: oneRule(azureRule) },
];

export const GOOGLE_FIREWALLS: readonly Firewall[] = [
  {
    types: ['google_compute_firewall'],
    source: registry(GOOGLE, 'google_compute_firewall'),
    rules: googleRules,
  },
];

function googleRules(values: RawObject): Iterable<() => AllowRule | undefined> {
  if (!says(values, 'direction', ['ingress'], true) || flagIn(values, 'disabled') === true) return [];
  return ruleBlocks(values, ['allow'], (body, path) => ({ path, sources: sourcesIn(values, 'source_ranges'), ports: written(protocolOf(textIn(body, 'protocol')), textsIn(body, 'ports')) }));
}

function azureRule(body: RawObject, path: readonly Step[]): AllowRule | undefined {
  if (!says(body, 'access', ['allow']) || !says(body, 'direction', ['inbound'])) return undefined;
  return {
    path,
    sources: sourcesIn(body, 'source_address_prefix', 'source_address_prefixes'),
    ports: written(protocolOf(textIn(body, 'protocol')), sourcesIn(body, 'destination_port_range', 'destination_port_ranges')),
  };
}
