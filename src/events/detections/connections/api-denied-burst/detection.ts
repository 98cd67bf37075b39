import { addressOf, requesterOf } from '#src/model/audit-event.ts';
import { userName } from '#src/model/audit-object.ts';
import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { isAnonymous } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';

/** Tells of each user, and of each address, whose requests are refused again and again within a minute. */
export const detection = defineStatefulDetection({
  id: 'connections/api-denied-burst',
  title: 'Many requests of one user or address were refused',
  severity: 'high',
  tips: [7, 8],
  why: 'It is how somebody finds out what a stolen credential is good for, or how a broken program looks.',
  fix: 'Ask whose it is; block the address or end the credential if nobody knows.',
  sources: [nsa('Audit Logging and Threat Detection')],
  keeps: 'for each user and address the times of refusals within a minute, as many as the limit',
  start: () => ({ users: createEventWindow({ windowMs: 60_000 }), addresses: createEventWindow({ windowMs: 60_000 }) }),
  audit: {
    when: ['refused'],
    *judge(event, { settings: { thresholds } }, { users, addresses }) {
      if (event.outcome !== 'refused') return;
      const address = addressOf(event);
      const requester = requesterOf(event);
      const isSomebody = requester.name !== '' && !isAnonymous(requester);
      const ofUser = isSomebody ? users.add(requester.name, event.timeMs, thresholds.requestsRefused) : undefined;
      const ofAddress = address === undefined ? undefined : addresses.add(address, event.timeMs, thresholds.requestsRefused);
      // Mostly both are the same, and told about once.
      if (ofUser !== undefined) yield { message: `${userName(event)} was refused ${ofUser} times within a minute${address === undefined ? '' : `, at last from ${address}`}`, object: null, group: ['user'] };
      else if (ofAddress !== undefined) yield { message: `Requests from ${address ?? ''} were refused ${ofAddress} times within a minute`, object: null, group: ['address', address ?? ''] };
    },
  },
});
