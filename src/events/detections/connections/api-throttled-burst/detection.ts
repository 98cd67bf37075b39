import { requesterOf } from '#src/model/audit-event.ts';
import { userName } from '#src/model/audit-object.ts';
import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { kubernetes } from '#src/model/references.ts';

const TOO_MANY_REQUESTS = 429;

/** Tells of each user whom the API server slows down again and again within a minute. */
export const detection = defineStatefulDetection({
  id: 'connections/api-throttled-burst',
  title: 'The API server slowed a user down many times',
  severity: 'medium',
  tips: [7],
  why: 'An excessive number of API calls is a broken program or somebody who takes stock of the cluster.',
  fix: 'Find the program; let it watch instead of asking again and again.',
  sources: [kubernetes('API Priority and Fairness', 'concepts/cluster-administration/flow-control/')],
  keeps: 'for each user the times of such answers within a minute, as many as the limit',
  start: () => createEventWindow({ windowMs: 60_000 }),
  audit: {
    when: ['throttled'],
    *judge(event, { settings }, window) {
      if (event.code !== TOO_MANY_REQUESTS) return;
      const count = window.add(requesterOf(event).name, event.timeMs, settings.thresholds.requestsThrottled);
      if (count !== undefined) yield { message: `${userName(event)} was slowed down ${count} times within a minute`, object: null };
    },
  },
});
