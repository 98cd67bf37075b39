import { blocksIn, defineTerraformCheck, registry, textsIn } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

const MASTERS = 'KubernetesSystemMastersGroupAccess';

/** Reports each policy of the cloud that makes its holders administrators of clusters, past their RBAC. */
export const check = defineTerraformCheck({
  id: 'iac/iam-masters-access',
  title: 'No policy of the cloud gives the group system:masters',
  severity: 'critical',
  tips: [2, 4],
  why: 'Members of system:masters may do everything in the cluster, whatever its RBAC says, and nothing within the cluster can take that away.',
  fix: `Take ${MASTERS} out of the policy, and bind the people who need it to a ClusterRole within the cluster.`,
  rules: [
    {
      types: ['scaleway_iam_policy'],
      source: registry(SCALEWAY, 'scaleway_iam_policy'),
      *judge({ values }) {
        for (const { path, body } of blocksIn(values, 'rule')) {
          if (textsIn(body, 'permission_set_names').includes(MASTERS)) yield { path: [...path, 'permission_set_names'], message: `It gives ${MASTERS}: everything in the clusters, past their RBAC` };
        }
      },
    },
  ],
});
