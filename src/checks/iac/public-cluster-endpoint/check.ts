import { defineTerraformCheck } from '#src/model/terraform.ts';
import { rules } from './rules.ts';

/** Reports each cluster whose API server is on the internet, and whether for everyone. */
export const check = defineTerraformCheck({
  id: 'iac/public-cluster-endpoint',
  title: 'The API server is not on the internet',
  severity: 'high',
  tips: [4, 3],
  why: 'Who reaches the API server needs only a leaked token, or the next flaw in its authentication, to be in the cluster.',
  fix: 'Make the endpoint private; where that cannot be, allow only the networks of the people and pipelines that use it.',
  items: {
    'endpoint-public': { title: 'The API server has no public address' },
    'endpoint-open': { title: 'A public API server answers to known networks alone' },
  },
  rules,
});
