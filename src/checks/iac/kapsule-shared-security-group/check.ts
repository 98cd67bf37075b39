import { defineTerraformCheck, isSet, registry } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

/** Reports each Kapsule pool whose nodes share the security group that every other pool of the zone has. */
export const check = defineTerraformCheck({
  id: 'iac/kapsule-shared-security-group',
  title: 'Every Kapsule pool has a security group of its own',
  severity: 'low',
  tips: [4, 6],
  why: 'Without one of its own a pool gets the default group of its zone, so that a port which is opened for one pool is open on the nodes of all.',
  fix: 'Set security_group_id to a scaleway_instance_security_group that drops what comes in by default; an existing pool has to be made anew.',
  rules: [
    {
      types: ['scaleway_k8s_pool'],
      source: registry(SCALEWAY, 'scaleway_k8s_pool'),
      *judge({ values }) {
        if (!isSet(values, 'security_group_id')) yield { path: ['security_group_id'], message: 'The pool has no security_group_id, so it shares the default group of its zone' };
      },
    },
  ],
});
