import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { textAt } from '#src/model/raw.ts';

/** With the domain that clusters have unless they are given another. */
const IN_CLUSTER = /\.svc(?:\.cluster\.local)?\.?$/i;

/** Reports each Service that is but another name: also of one in the cluster, which an Ingress of this namespace then leads to. */
export const check = defineObjectCheck({
  id: 'exposure/external-name',
  title: 'Services stand for pods, not for names elsewhere',
  severity: 'low',
  tips: [3],
  why: 'Pods that use the Service follow a name outside of the cluster; whoever changes the name or its DNS gets their traffic, and an ingress controller may be led inside.',
  fix: 'Let the pods use the name itself, so that it shows in their configuration and in egress policies.',
  sources: [kubernetes('Service: type ExternalName', 'concepts/services-networking/service/#externalname')],
  kinds: ['Service'],
  *judge(service) {
    const name = textAt(service, 'spec', 'externalName');
    if (textAt(service, 'spec', 'type') !== 'ExternalName' && name === undefined) return;
    yield { path: ['spec', name === undefined ? 'type' : 'externalName'], message: `It stands for ${name ?? 'a name'}${IN_CLUSTER.test(name ?? '') ? ', a Service of the cluster' : ' outside of the cluster'}` };
  },
});
