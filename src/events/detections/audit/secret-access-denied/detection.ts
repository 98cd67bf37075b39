import { requesterOf } from '#src/model/audit-event.ts';
import { objectName, userName } from '#src/model/audit-object.ts';
import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { isSystemNamespace, isBySystem } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';

const MINUTES = 5;

/** Tells of each Secret that somebody was not allowed to read; many in a short time are worse. */
export const detection = defineStatefulDetection({
  id: 'audit/secret-access-denied',
  title: 'Somebody was not allowed to read a Secret',
  severity: 'low',
  tips: [8, 2],
  why: 'One refusal is mostly a mistake; many are somebody who tries doors.',
  fix: 'Ask the person what they were looking for.',
  sources: [nsa('Audit Logging and Threat Detection')],
  keeps: 'for each user the times of refusals within five minutes, as many as the limit',
  start: () => createEventWindow({ windowMs: MINUTES * 60_000 }),
  audit: {
    resources: ['secrets'],
    verbs: ['get'],
    *judge(event, { settings }, window) {
      const { outcome, target, timeMs } = event;
      if (outcome !== 'refused' || isBySystem(event) || isSystemNamespace(target?.namespace)) return;
      const count = window.add(requesterOf(event).name, timeMs, settings.thresholds.secretsRefused);
      if (count === undefined) yield { message: `${userName(event)} was not allowed to read ${objectName(event)}` };
      else yield { severity: 'medium', message: `${userName(event)} was not allowed to read Secrets, ${count} times within ${MINUTES} minutes; the last was ${objectName(event)}` };
    },
  },
});
