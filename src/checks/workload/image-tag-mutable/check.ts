import { defineWorkloadCheck } from '#src/model/check.ts';
import { imagesOf, isMutable } from '#src/model/image.ts';
import { kubernetes, mitre, nsa } from '#src/model/references.ts';

/** Reports each image that is named by the tag `latest` or by none, and by no digest. */
export const check = defineWorkloadCheck({
  id: 'workload/image-tag-mutable',
  title: 'Images are named by a version',
  severity: 'medium',
  tips: [5],
  why: 'What latest means changes without anybody changing the manifest: nobody knows what runs, and a rollback brings nothing back.',
  fix: 'Name a version, and better its digest as well.',
  sources: [nsa('Upgrading and application security practices'), mitre('T1204.003'), kubernetes('Images', 'concepts/containers/images/')],
  *judge(pod) {
    for (const image of imagesOf(pod)) {
      if (!isMutable(image)) continue;
      const how = image.tag === undefined ? 'without a tag, which means latest' : 'by the tag latest';
      yield { ...image.place, message: `${image.user} names its image ${image.written} ${how}` };
    }
  },
});
