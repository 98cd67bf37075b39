import { defineWorkloadCheck } from '#src/model/check.ts';
import { securityContextsOf } from '#src/model/pod-security.ts';
import { booleanAt, unknownLast } from '#src/model/raw.ts';
import { cis, kubernetes, mitre, pss } from '#src/model/references.ts';

/** Reports a pod or container that runs directly on its Windows node. */
export const check = defineWorkloadCheck({
  id: 'workload/windows-host-process',
  title: 'No container runs as a process of its Windows node',
  severity: 'critical',
  tips: [5],
  why: 'A HostProcess container is no container: it sees the files, the network and the services of the node and acts as one of its users.',
  fix: 'Remove windowsOptions.hostProcess; keep such pods to the few agents that manage nodes.',
  sources: [pss('baseline', 'HostProcess'), cis('5.2.10'), mitre('T1611'), kubernetes('Create a Windows HostProcess Pod', 'tasks/configure-pod-container/create-hostprocess-pod/')],
  *judge(pod) {
    yield* unknownLast(securityContextsOf(pod), function* ({ owner, settings, place }) {
      if (booleanAt(settings, 'windowsOptions', 'hostProcess') !== true) return;
      yield { ...place('windowsOptions', 'hostProcess'), message: `${owner} runs directly on the Windows node` };
    });
  },
});
