import { defineContainerCheck } from '#src/model/check.ts';
import { describeVolumes, eachHostPath, type HostPathVolume } from '#src/model/host-path.ts';
import { booleanAt, knownObjectsAt, knownOf, textAt, unknownLast, type RawObject } from '#src/model/raw.ts';
import { cis, kubernetes, mitre } from '#src/model/references.ts';
import type { PodView } from '#src/model/workload.ts';

/** Reports each container that can write to a path of its node. */
export const check = defineContainerCheck({
  id: 'workload/host-path-writable',
  title: 'Containers mount paths of their node read-only',
  severity: 'high',
  tips: [5],
  why: 'Whoever gets into the container can plant files that the node, or another pod, later runs or trusts.',
  fix: 'Set readOnly to true on the volume mount, or replace the hostPath volume.',
  sources: [cis('5.2.11'), mitre('T1611'), kubernetes('Volumes, hostPath', 'concepts/storage/volumes/#hostpath')],
  *judge(container, pod) {
    const writable = knownOf(unknownLast(knownObjectsAt(container.raw, 'volumeMounts'), ([index, mount]) => writableAt(pod, index, mount)));
    const [first] = writable;
    if (first === undefined) return;
    yield {
      path: ['volumeMounts', first.index, 'readOnly'],
      message: `Container ${container.name} can write to ${writable.length === 1 ? 'a path' : 'paths'} of its node: ${describeVolumes(writable.map(({ volume }) => volume))}`,
    };
  },
});

function writableAt(pod: PodView, index: number, mount: RawObject): readonly { readonly index: number; readonly volume: HostPathVolume }[] {
  const mounted = textAt(mount, 'name');
  for (const volume of eachHostPath(pod)) {
    if (volume.name === mounted) return booleanAt(mount, 'readOnly') === true ? [] : [{ index, volume }];
  }
  return [];
}
