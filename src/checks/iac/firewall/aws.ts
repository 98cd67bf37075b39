import type { RawObject, Step } from '#src/model/raw.ts';
import { flagIn, registry } from '#src/model/terraform.ts';
import { AWS } from '../providers.ts';
import { numbered, oneRule, ruleBlocks, says, sourcesIn } from './read.ts';
import type { AllowRule, Firewall } from './rule.ts';

export const AWS_FIREWALLS: readonly Firewall[] = [
  {
    types: ['aws_security_group', 'aws_default_security_group'],
    source: registry(AWS, 'aws_security_group'),
    rules: (values) => ruleBlocks(values, ['ingress'], groupRule),
  },
  {
    types: ['aws_security_group_rule'],
    source: registry(AWS, 'aws_security_group_rule'),
    rules: oneRule((body, path) => (says(body, 'type', ['ingress']) ? groupRule(body, path) : undefined)),
  },
  {
    types: ['aws_vpc_security_group_ingress_rule'],
    source: registry(AWS, 'aws_vpc_security_group_ingress_rule'),
    rules: oneRule((body, path) => ({ path, sources: sourcesIn(body, 'cidr_ipv4', 'cidr_ipv6'), ports: [numbered(body, 'ip_protocol', 'from_port', 'to_port')] })),
  },
  {
    types: ['aws_network_acl', 'aws_default_network_acl'],
    source: registry(AWS, 'aws_network_acl'),
    rules: (values) => ruleBlocks(values, ['ingress'], (body, path) => (says(body, 'action', ['allow']) ? aclRule(body, path) : undefined)),
  },
  {
    types: ['aws_network_acl_rule'],
    source: registry(AWS, 'aws_network_acl_rule'),
    rules: oneRule((body, path) => (flagIn(body, 'egress') !== true && says(body, 'rule_action', ['allow']) ? aclRule(body, path) : undefined)),
  },
];

function groupRule(body: RawObject, path: readonly Step[]): AllowRule {
  return { path, sources: sourcesIn(body, 'cidr_blocks', 'ipv6_cidr_blocks'), ports: [numbered(body, 'protocol', 'from_port', 'to_port')] };
}

function aclRule(body: RawObject, path: readonly Step[]): AllowRule {
  return { path, sources: sourcesIn(body, 'cidr_block', 'ipv6_cidr_block'), ports: [numbered(body, 'protocol', 'from_port', 'to_port')] };
}
