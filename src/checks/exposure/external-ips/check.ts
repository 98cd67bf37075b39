import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { textsAt } from '#src/model/raw.ts';

export const check = defineObjectCheck({
  id: 'exposure/external-ips',
  title: 'Services claim no external addresses',
  severity: 'high',
  tips: [3],
  why: 'The cluster sends whatever goes to such an address to the pods of the Service, so that whoever may write a Service takes over traffic for any address.',
  fix: 'Remove spec.externalIPs, publish the Service through a load balancer, and switch on the admission plugin DenyServiceExternalIPs.',
  sources: [
    { title: 'CVE-2020-8554', url: 'https://github.com/kubernetes/kubernetes/issues/97076' },
    kubernetes('Admission Control: DenyServiceExternalIPs', 'reference/access-authn-authz/admission-controllers/#denyserviceexternalips'),
  ],
  kinds: ['Service'],
  *judge(service) {
    const addresses = textsAt(service, 'spec', 'externalIPs');
    if (addresses.length > 0) yield { path: ['spec', 'externalIPs'], message: `It claims the external address${addresses.length === 1 ? '' : 'es'} ${addresses.join(', ')}` };
  },
});
