import { defineObjectCheck } from '#src/model/check.ts';
import { kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { cis, nsa } from '#src/model/references.ts';
import { controllerOf, isWorkloadKind } from '#src/model/workload.ts';

/** What Kubernetes itself keeps there. */
const OWN_OBJECTS: ReadonlySet<string> = new Set([
  'Service/kubernetes',
  'Endpoints/kubernetes',
  'EndpointSlice/kubernetes',
  'ServiceAccount/default',
  'ConfigMap/kube-root-ca.crt',
]);

/**
 * Reports each object in the namespace `default`, or, milder, in none, which is what a file may leave to whoever applies it.
 *
 * It judges every namespaced kind that some check reads. What a controller made from another object is left out, and so are Secrets,
 * because listing them is an optional permission; the workload that uses them is reported.
 */
export const check = defineObjectCheck({
  id: 'workload/default-namespace',
  title: 'Objects have a namespace of their own',
  severity: 'low',
  tips: [5],
  why: 'Whatever ends up there by accident shares its permissions, network policies and quotas with everything else that did.',
  fix: 'Create a namespace for each application, write it into metadata.namespace and move the object there.',
  sources: [cis('5.6.4'), nsa('Network separation and hardening: Namespaces')],
  kinds: (Object.keys(KINDS) as Kind[]).filter((kind) => kindInfo(kind).namespaced && !kindInfo(kind).optional),
  *judge(object) {
    const namespace = textAt(object, 'metadata', 'namespace');
    const kind = textAt(object, 'kind') ?? '';
    if ((namespace ?? 'default') !== 'default' || isOwn(kind, object) || isMadeByController(kind, object)) return;
    const path = ['metadata', 'namespace'];
    if (namespace === undefined) yield { path, severity: 'info', message: 'It names no namespace, so that it lands in default unless whoever applies it says otherwise' };
    else yield { path, message: 'It is in the namespace default' };
  },
});

function isOwn(kind: string, object: RawObject): boolean {
  return OWN_OBJECTS.has(`${kind}/${textAt(object, 'metadata', 'name')}`);
}

/** Workloads are judged by the scan itself: an owner that was found stands for what it owns. */
function isMadeByController(kind: string, object: RawObject): boolean {
  return !isWorkloadKind(kind) && controllerOf(object) !== undefined;
}
