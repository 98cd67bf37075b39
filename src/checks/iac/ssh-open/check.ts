import { mitre } from '#src/model/references.ts';
import { defineTerraformCheck } from '#src/model/terraform.ts';
import { firewallRules } from '../firewall/firewalls.ts';
import { includesPort, problemOf } from '../firewall/rule.ts';

const SSH = 22;

/** Reports each firewall that opens SSH to the whole internet. */
export const check = defineTerraformCheck({
  id: 'iac/ssh-open',
  title: 'SSH is not open to the whole internet',
  severity: 'critical',
  tips: [4, 6],
  why: 'SSH leads to a shell of the machine, and bots try stolen keys and passwords on every open port 22 around the clock.',
  fix: 'Allow SSH from a bastion or a VPN only, or close it and use the session service of the provider.',
  sources: [mitre('T1133')],
  rules: firewallRules(
    (range) => includesPort(range, 'tcp', SSH),
    (opening) => problemOf(opening),
  ),
});
