import { requesterOf } from '#src/model/audit-event.ts';
import { userName } from '#src/model/audit-object.ts';
import { defineStatefulDetection, isNamedActor } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { isBySystem } from '#src/model/principal.ts';
import { kubernetes, nsa } from '#src/model/references.ts';

const MINUTES = 5;

/** Tells of each user who reads many different Secrets in a short time. Components and nodes do so at each start. */
export const detection = defineStatefulDetection({
  id: 'audit/secrets-bulk-read',
  title: 'Many Secrets were read in a short time',
  severity: 'high',
  tips: [8, 1],
  why: 'Nobody needs that many credentials at once; whoever collects them does.',
  fix: 'Ask the person whether it was them; if it was not, end their session and change what was read.',
  sources: [nsa('Audit Logging and Threat Detection'), kubernetes('Good practices for Kubernetes Secrets', 'concepts/security/secrets-good-practices/')],
  keeps: 'for each user the names of the Secrets read within five minutes, as many as the limit',
  start: () => createEventWindow({ windowMs: MINUTES * 60_000, distinct: true }),
  audit: {
    resources: ['secrets'],
    verbs: ['get', 'list'],
    *judge(event, { settings }, window) {
      const { outcome, target, verb, timeMs } = event;
      if (outcome !== 'allowed' || isBySystem(event) || isNamedActor(event, settings.secretReaders)) return;
      const what = verb === 'list' ? (target?.namespace ?? '*') : `${target?.namespace ?? ''}/${target?.name ?? ''}`;
      const count = window.add(requesterOf(event).name, timeMs, settings.thresholds.secretsRead, what);
      if (count !== undefined) yield { message: `${userName(event)} read ${count} different Secrets, or all Secrets of namespaces, within ${MINUTES} minutes`, group: [] };
    },
  },
});
