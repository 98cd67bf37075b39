import { attachedTo, defineTerraformCheck, type TerraformResource } from '#src/model/terraform.ts';
import { firewallRules } from '../firewall/firewalls.ts';
import { isOnly, problemOf, type Opening } from '../firewall/rule.ts';

const WEB = [80, 443];
const LOAD_BALANCERS = ['aws_lb', 'aws_alb', 'aws_elb'];

/** Reports each firewall that lets in the whole internet, with the ports. */
export const check = defineTerraformCheck({
  id: 'iac/open-firewall',
  title: 'No firewall is open to the whole internet',
  severity: 'high',
  tips: [4, 3],
  why: 'Whoever scans the internet finds the port within hours, and tries every password and every known flaw on what answers there.',
  fix: 'Name the networks that need the port, and put what everyone may reach behind a load balancer.',
  rules: firewallRules(
    () => true,
    (opening, resource) => problemOf(opening, isMeant(opening, resource) ? 'info' : undefined),
  ),
});

/** A load balancer is there to be reached by everyone, and a ping opens no port. */
function isMeant({ ports }: Opening, resource: TerraformResource): boolean {
  const web = attachedTo(resource, LOAD_BALANCERS).length > 0 ? WEB : [];
  return ports.every((range) => isOnly(range, web));
}
