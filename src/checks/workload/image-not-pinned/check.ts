import { defineWorkloadCheck } from '#src/model/check.ts';
import { imagesOf } from '#src/model/image.ts';
import { cis, kubernetes, mitre } from '#src/model/references.ts';

/** Reports each image that is named without its digest. */
export const check = defineWorkloadCheck({
  id: 'workload/image-not-pinned',
  title: 'Images are pinned by their digest',
  severity: 'low',
  tips: [5],
  why: 'Whoever can push to the repository can put another image behind any tag, and the next pod that starts runs it.',
  fix: 'Add the digest to the reference (name:tag@sha256:…) and let a bot such as Renovate keep it current.',
  sources: [cis('5.5.1'), mitre('T1204.003'), kubernetes('Images', 'concepts/containers/images/')],
  *judge(pod) {
    for (const image of imagesOf(pod)) {
      if (image.digest !== undefined) continue;
      yield { ...image.place, message: `${image.user} names its image ${image.written} without a digest` };
    }
  },
});
