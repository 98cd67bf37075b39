import type { Problem } from '#src/model/check.ts';
import type { TerraformResource, TerraformRule } from '#src/model/terraform.ts';
import { ALIBABA_FIREWALLS, NCLOUD_FIREWALLS, NIFCLOUD_FIREWALLS, TENCENT_FIREWALLS } from './asian.ts';
import { AWS_FIREWALLS } from './aws.ts';
import { DIGITALOCEAN_FIREWALLS, HETZNER_FIREWALLS, SCALEWAY_FIREWALLS, YANDEX_FIREWALLS } from './european.ts';
import { AZURE_FIREWALLS, GOOGLE_FIREWALLS } from './azure-google.ts';
import { OPENSTACK_FIREWALLS, ORACLE_FIREWALLS } from './openstack-oracle.ts';
import { openingOf, type Opening, type PortRange } from './rule.ts';

const FIREWALLS = [
  ...AWS_FIREWALLS,
  ...AZURE_FIREWALLS,
  ...GOOGLE_FIREWALLS,
  ...SCALEWAY_FIREWALLS,
  ...DIGITALOCEAN_FIREWALLS,
  ...HETZNER_FIREWALLS,
  ...OPENSTACK_FIREWALLS,
  ...ORACLE_FIREWALLS,
  ...ALIBABA_FIREWALLS,
  ...TENCENT_FIREWALLS,
  ...YANDEX_FIREWALLS,
  ...NCLOUD_FIREWALLS,
  ...NIFCLOUD_FIREWALLS,
];

/** The firewalls of all providers, judged by what they open to everyone. */
export function firewallRules(isWanted: (range: PortRange) => boolean, problem: (opening: Opening, resource: TerraformResource) => Problem): readonly TerraformRule[] {
  return FIREWALLS.map((firewall) => ({
    types: firewall.types,
    source: firewall.source,
    *judge(resource) {
      const opening = openingOf(resource, firewall, isWanted);
      if (opening !== undefined) yield problem(opening, resource);
    },
  }));
}
