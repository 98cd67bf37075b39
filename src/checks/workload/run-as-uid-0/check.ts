import { defineWorkloadCheck } from '#src/model/check.ts';
import { PSS_SINCE, relaxedByUserNamespace, securityContextsOf } from '#src/model/pod-security.ts';
import { integerAt, unknownLast } from '#src/model/raw.ts';
import { cis, mitre, pss } from '#src/model/references.ts';

/** Reports a pod or container that asks for user 0, also where another setting would keep it from starting. */
export const check = defineWorkloadCheck({
  id: 'workload/run-as-uid-0',
  title: 'No pod or container asks for user 0',
  severity: 'high',
  tips: [5],
  why: 'User 0 is root: it owns every file in the container, and is root on the node as soon as a flaw lets it out.',
  fix: 'Set runAsUser to a number above 0, or remove it and let the image name a user.',
  sources: [pss('restricted', 'Running as Non-root user'), cis('5.2.7'), mitre('T1611')],
  *judge(pod, { version }) {
    if (version.minor < PSS_SINCE.runAsUser || relaxedByUserNamespace(pod, version)) return;
    yield* unknownLast(securityContextsOf(pod), function* ({ owner, settings, place }) {
      if (integerAt(settings, 'runAsUser') === 0) yield { ...place('runAsUser'), message: `${owner} asks for user 0` };
    });
  },
});
