import { loggedBody, objectName, userName } from '#src/model/audit-object.ts';
import { configMapExposures } from '#src/model/config-map-secrets.ts';
import { defineDetection } from '#src/model/detection.ts';
import { cis, kubernetes } from '#src/model/references.ts';

const NAMED = 5;

/** Tells of each ConfigMap that somebody wrote with what looks like a credential. */
export const detection = defineDetection({
  id: 'audit/configmap-with-credentials',
  title: 'Credentials were written into a ConfigMap',
  severity: 'high',
  tips: [8, 1],
  why: 'Whoever may read ConfigMaps may read them, and so does whoever reads this audit log.',
  fix: 'Move them to a Secret and change them; lower the audit level of ConfigMaps to Metadata.',
  sources: [kubernetes('ConfigMaps', 'concepts/configuration/configmap/'), cis('5.4.1')],
  audit: {
    resources: ['configmaps'],
    verbs: ['create', 'update', 'patch'],
    *judge(event) {
      if (event.outcome !== 'allowed') return;
      const logged = loggedBody(event);
      if ('undecided' in logged) return yield logged;
      const { secrets } = configMapExposures(logged.body);
      if (secrets.length === 0) return;
      const names = secrets.slice(0, NAMED).map(({ name, what }) => `${name} (${what})`);
      const more = secrets.length - names.length;
      yield { message: `${userName(event)} wrote credentials into the ConfigMap ${objectName(event)}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}` };
    },
  },
});
