import { defineContainerCheck } from '#src/model/check.ts';
import { isMutable, parseImage } from '#src/model/image.ts';
import { textAt } from '#src/model/raw.ts';
import { kubernetes } from '#src/model/references.ts';

/**
 * Reports each container whose image may be taken from the node without the registry being asked.
 *
 * Without a policy Kubernetes asks always for the tag `latest` or none. A digest names the same image wherever it comes from.
 */
export const check = defineContainerCheck({
  id: 'workload/image-pull-policy',
  title: 'Images are pulled anew for each start',
  severity: 'low',
  tips: [5],
  why: 'A pod that names a private image found on its node may run it without showing credentials, and an old image stays in use behind its tag.',
  fix: 'Set imagePullPolicy: Always, or pin the image by its digest.',
  sources: [kubernetes('Images: Image pull policy', 'concepts/containers/images/#image-pull-policy')],
  *judge({ name, raw }) {
    const written = textAt(raw, 'image') ?? '';
    const image = parseImage(written);
    if (image === undefined || image.digest !== undefined) return;
    const policy = textAt(raw, 'imagePullPolicy');
    if (policy === 'Always' || (policy === undefined && isMutable(image))) return;
    if (policy === undefined) yield { path: ['image'], message: `Container ${name} names no imagePullPolicy, so that ${written} is pulled only where it is not present` };
    else yield { path: ['imagePullPolicy'], message: `Container ${name} pulls ${written} with the policy ${policy}` };
  },
});
