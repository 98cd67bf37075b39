import { defineObjectCheck } from '#src/model/check.ts';
import { kubernetes } from '#src/model/references.ts';
import { objectAt, objectsAt, textAt } from '#src/model/raw.ts';

/** Reports each Ingress that answers for any host, or for every host below a domain. */
export const check = defineObjectCheck({
  id: 'exposure/ingress-wildcard-host',
  title: 'Ingresses name their hosts',
  severity: 'medium',
  tips: [3],
  why: 'It answers for names that nobody thought of, and takes requests from Ingresses of other teams on the same proxy.',
  fix: 'Name each host in spec.rules[].host.',
  sources: [kubernetes('Ingress: rules', 'concepts/services-networking/ingress/#ingress-rules')],
  kinds: ['Ingress'],
  *judge(ingress) {
    const rules = objectsAt(ingress, 'spec', 'rules');
    for (const [index, rule] of rules) {
      const host = textAt(rule, 'host') ?? '';
      if (host !== '' && !host.includes('*')) continue;
      yield { path: ['spec', 'rules', index, ...(host === '' ? [] : ['host'])], message: host === '' ? 'It answers for any host' : `It answers for every host like ${host}` };
      return;
    }
    const backend = ['defaultBackend', 'backend'].find((field) => objectAt(ingress, 'spec', field) !== undefined);
    if (rules.length === 0 && backend !== undefined) yield { path: ['spec', backend], message: 'It answers for any host' };
  },
});
