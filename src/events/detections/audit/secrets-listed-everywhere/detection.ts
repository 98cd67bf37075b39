import { userName } from '#src/model/audit-object.ts';
import { defineDetection, isNamedActor } from '#src/model/detection.ts';
import { isBySystem } from '#src/model/principal.ts';
import { kubernetes, nsa } from '#src/model/references.ts';

/** Tells of each list of the Secrets of all namespaces, by anybody but components and users that the site has named. */
export const detection = defineDetection({
  id: 'audit/secrets-listed-everywhere',
  title: 'The Secrets of every namespace were listed',
  severity: 'high',
  tips: [8, 1],
  why: 'A list holds the values: whoever made it has every password and key of the cluster.',
  fix: 'Ask the person whether it was them; if it was not, change every credential of the cluster, and narrow the right to single namespaces. Name tools that must have it in the configuration (detections.secretReaders).',
  sources: [nsa('Audit Logging and Threat Detection'), kubernetes('Good practices for Kubernetes Secrets', 'concepts/security/secrets-good-practices/')],
  audit: {
    resources: ['secrets'],
    verbs: ['list'],
    *judge(event, { settings }) {
      const { outcome, target, uri } = event;
      if (outcome !== 'allowed' || target?.namespace !== undefined || (uri !== undefined && /\/namespaces\/[^/?]+\/secrets/.test(uri))) return;
      if (isBySystem(event) || isNamedActor(event, settings.secretReaders)) return;
      yield { message: `${userName(event)} listed the Secrets of every namespace` };
    },
  },
});
