import { defineContainerCheck } from '#src/model/check.ts';
import { describeVolumes, hostPathVolumes } from '#src/model/host-path.ts';
import { booleanAt, objectsAt, textAt } from '#src/model/raw.ts';
import { cis, kubernetes, mitre } from '#src/model/references.ts';

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
    const volumes = new Map(hostPathVolumes(pod).map((volume) => [volume.name, volume]));
    const writable = objectsAt(container.raw, 'volumeMounts').flatMap(([index, mount]) => {
      const volume = volumes.get(textAt(mount, 'name') ?? '');
      return volume === undefined || booleanAt(mount, 'readOnly') === true ? [] : [{ volume, index }];
    });
    const [first] = writable;
    if (first === undefined) return;
    yield {
      path: ['volumeMounts', first.index, 'readOnly'],
      message: `Container ${container.name} can write to ${writable.length === 1 ? 'a path' : 'paths'} of its node: ${describeVolumes(writable.map(({ volume }) => volume))}`,
    };
  },
});
