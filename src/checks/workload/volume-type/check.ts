import { defineWorkloadCheck } from '#src/model/check.ts';
import { knownObjectsAt, knownOf, objectAt, textAt, unknownLast, type RawObject } from '#src/model/raw.ts';
import { pss } from '#src/model/references.ts';

const ALLOWED = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'];
/** Has a check of its own. */
const HOST_PATH = 'hostPath';

/** Reports a pod with volumes of types that the restricted level refuses. A volume without a type is an emptyDir. */
export const check = defineWorkloadCheck({
  id: 'workload/volume-type',
  title: 'Pods reach storage through claims and CSI drivers only',
  severity: 'low',
  tips: [5],
  why: 'With these types whoever writes the pod names the server or disk, and often the credentials, instead of the administrator who owns the storage.',
  fix: 'Put the storage behind a persistent volume and use it through a claim.',
  sources: [pss('restricted', 'Volume Types')],
  *judge(pod) {
    const refused = knownOf(unknownLast(knownObjectsAt(pod.spec, 'volumes'), ([index, volume]) => {
      const type = refusedType(volume);
      return type === undefined ? [] : [{ index, type, name: textAt(volume, 'name') ?? `#${index}` }];
    }));
    const [first] = refused;
    if (first === undefined) return;
    yield {
      path: [...pod.path, 'volumes', first.index, first.type],
      message: `The pod uses ${refused.length === 1 ? 'a volume' : 'volumes'} of a refused type: ${refused.map(({ name, type }) => `${name} (${type})`).join(', ')}`,
    };
  },
});

function refusedType(volume: RawObject): string | undefined {
  return Object.keys(volume).find((field) => field !== HOST_PATH && !ALLOWED.includes(field) && objectAt(volume, field) !== undefined);
}
