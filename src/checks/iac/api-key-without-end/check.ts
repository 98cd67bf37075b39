import { defineTerraformCheck, isSet, registry } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

/** Reports each key to the API of the cloud that never ends. */
export const check = defineTerraformCheck({
  id: 'iac/api-key-without-end',
  title: 'Keys to the API of the cloud end',
  severity: 'medium',
  tips: [2, 4],
  why: 'A key that never ends still opens the account when the person or the program that it was made for is long gone, and when it leaks from an old backup.',
  fix: 'Set expires_at, and make a new key before that day.',
  rules: [
    {
      types: ['scaleway_iam_api_key'],
      source: registry(SCALEWAY, 'scaleway_iam_api_key'),
      *judge({ values }) {
        if (!isSet(values, 'expires_at')) yield { path: ['expires_at'], message: 'The key has no expires_at, so it never ends' };
      },
    },
  ],
});
