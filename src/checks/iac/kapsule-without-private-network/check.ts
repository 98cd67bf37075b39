import { defineTerraformCheck, isSet, registry } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

/** Reports each Kapsule cluster whose nodes talk to each other over the public internet. */
export const check = defineTerraformCheck({
  id: 'iac/kapsule-without-private-network',
  title: 'Every Kapsule cluster is in a Private Network',
  severity: 'high',
  tips: [4, 6],
  why: 'Without a Private Network the nodes need public addresses, and what pods of different nodes say to each other crosses a network that others share.',
  fix: 'Set private_network_id to a scaleway_vpc_private_network; an existing cluster has to be made anew.',
  rules: [
    {
      types: ['scaleway_k8s_cluster'],
      source: registry(SCALEWAY, 'scaleway_k8s_cluster'),
      *judge({ values }) {
        if (!isSet(values, 'private_network_id')) yield { path: ['private_network_id'], message: 'The cluster has no private_network_id' };
      },
    },
  ],
});
