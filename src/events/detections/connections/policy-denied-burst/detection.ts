import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { objectKey, qualifiedName } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { begins, endName, workloadOf } from '../flow-names.ts';

const MINUTES = 5;

/** Tells of each workload whose connections policies drop again and again. */
export const detection = defineStatefulDetection({
  id: 'connections/policy-denied-burst',
  title: 'Policies dropped many connections of a workload',
  severity: 'medium',
  tips: [7],
  why: 'A policy is missing something that the workload needs, or somebody in it tries what it should not.',
  fix: 'Look at what was dropped: allow it if it is wanted, roll a new policy back, or look into the workload.',
  sources: [nsa('Network separation and hardening')],
  keeps: 'for each workload the times of drops within five minutes, as many as the limit',
  start: () => createEventWindow({ windowMs: MINUTES * 60_000 }),
  hubble: {
    *judge(flow, { settings }, window) {
      const object = workloadOf(flow.source) ?? workloadOf(flow.destination);
      if (!flow.droppedByPolicy || !begins(flow) || object === undefined) return;
      const count = window.add(objectKey(object), flow.timeMs, settings.thresholds.connectionsDropped);
      if (count !== undefined) yield { object, message: `Policies dropped ${count} connections of ${qualifiedName(object)} within ${MINUTES} minutes, the last to ${endName(flow.destination)}` };
    },
  },
});
