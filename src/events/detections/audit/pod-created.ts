import type { AuditEvent } from '#src/model/audit-event.ts';
import { loggedPod, objectName, POD_RESOURCES, userName } from '#src/model/audit-object.ts';
import { defineDetection, type Alarm, type Detection, type DetectionMeta } from '#src/model/detection.ts';
import type { PodView } from '#src/model/workload.ts';
import { isSystemAtHome } from './requests.ts';

/** What a pod is judged by when it comes into being. A message goes on after "created shop/api-0". */
export type PodJudge = (pod: PodView, event: AuditEvent) => Iterable<Omit<Alarm, 'object'>>;

/** A detection of pods, and of what makes pods, that somebody created. Components at work in their own namespaces are left out. */
export function definePodDetection(detection: DetectionMeta & { readonly judge: PodJudge }): Detection {
  return defineDetection({
    ...detection,
    audit: {
      resources: POD_RESOURCES,
      verbs: ['create'],
      *judge(event) {
        if (event.outcome !== 'allowed' || isSystemAtHome(event)) return;
        const logged = loggedPod(event);
        if ('undecided' in logged) return yield logged;
        for (const alarm of detection.judge(logged.body, event)) {
          yield { ...alarm, message: `${userName(event)} created ${objectName(event)} ${alarm.message}` };
        }
      },
    },
  });
}
