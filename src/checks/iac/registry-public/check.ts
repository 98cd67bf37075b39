import { defineTerraformCheck, flagIn, registry } from '#src/model/terraform.ts';
import { SCALEWAY } from '../providers.ts';

/** Reports each registry of images from which everybody may pull. */
export const check = defineTerraformCheck({
  id: 'iac/registry-public',
  title: 'Registries of images are private',
  severity: 'high',
  tips: [3, 4],
  why: 'Whoever can pull an image can read the code, the configuration and any secret that was left in one of its layers.',
  fix: 'Set is_public to false, and give the clusters a key that may only pull.',
  rules: [
    {
      types: ['scaleway_registry_namespace'],
      source: registry(SCALEWAY, 'scaleway_registry_namespace'),
      *judge({ values }) {
        if (flagIn(values, 'is_public') === true) yield { path: ['is_public'], message: 'Everybody may pull its images' };
      },
    },
  ],
});
