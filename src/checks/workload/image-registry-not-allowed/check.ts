import { defineWorkloadCheck } from '#src/model/check.ts';
import { imagesOf, isFrom } from '#src/model/image.ts';
import { cis, mitre } from '#src/model/references.ts';

/** Reports each image from a registry or repository that the site has not allowed. Without a list it is not evaluated. */
export const check = defineWorkloadCheck({
  id: 'workload/image-registry-not-allowed',
  title: 'Images come from allowed registries',
  severity: 'high',
  tips: [5],
  why: 'An image from elsewhere passed none of the scans and rules of your own registry, and its name may be one letter off.',
  fix: 'Copy the image to an allowed registry, or add its place to the configured list.',
  sources: [cis('5.5.1'), mitre('T1204.003')],
  notEvaluated: ({ settings }) => (settings.allowedRegistries === undefined ? 'no allowed registries are configured' : undefined),
  *judge(pod, { settings }) {
    const places = settings.allowedRegistries ?? [];
    for (const image of imagesOf(pod)) {
      if (places.some((place) => isFrom(image, place))) continue;
      const from = `${image.registry}/${image.repository}`;
      yield { ...image.place, message: `${image.user} has its image from ${from}, which is not allowed` };
    }
  },
});
