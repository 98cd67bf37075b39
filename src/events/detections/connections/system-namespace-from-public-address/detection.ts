import { addressOf, isWrite } from '#src/model/audit-event.ts';
import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isPerson, isSystemNamespace } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';
import { isForeign } from '../public-address.ts';

/** Tells of each change that a person made to a namespace of the system from the Internet. */
export const detection = defineDetection({
  id: 'connections/system-namespace-from-public-address',
  title: 'A person changed a namespace of the system from the Internet',
  severity: 'medium',
  tips: [7, 8],
  why: 'What runs there runs everywhere, and changes to it should come from a pipeline or from inside.',
  fix: 'Ask the person whether it was them; narrow the addresses that may reach the API server.',
  sources: [nsa('Audit Logging and Threat Detection')],
  audit: {
    when: ['from-public-address'],
    *judge(event, { settings }) {
      const address = addressOf(event);
      if (!isWrite(event) || event.outcome !== 'allowed' || !isPerson(event.user) || !isSystemNamespace(event.target?.namespace)) return;
      if (address === undefined || !isForeign(address, settings)) return;
      yield { message: `${userName(event)} made a change from ${address} on the Internet: ${event.verb} ${objectName(event)}` };
    },
  },
});
