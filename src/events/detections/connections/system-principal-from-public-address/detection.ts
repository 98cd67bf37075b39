import { addressOf } from '#src/model/audit-event.ts';
import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { accountOf, isProviderUser, isSystemUser } from '#src/model/principal.ts';
import { nsa } from '#src/model/references.ts';
import { isForeign } from '../public-address.ts';

/**
 * Tells of each request of a component, node or ServiceAccount that came from the Internet.
 *
 * A provider's own accounts sign in from its network; nodes with public addresses are the site's own, which names their ranges.
 */
export const detection = defineDetection({
  id: 'connections/system-principal-from-public-address',
  title: 'A component or account of the cluster acted from the Internet',
  severity: 'high',
  tips: [7, 8],
  why: 'Such a credential belongs inside of the cluster: somebody has taken it with them.',
  fix: 'End the credential: delete the ServiceAccount or the pod whose token it is; name ranges of nodes with public addresses in the configuration.',
  sources: [nsa('Audit Logging and Threat Detection')],
  audit: {
    when: ['from-public-address'],
    *judge(event, { settings }) {
      const { user, addresses, outcome } = event;
      if (outcome === 'refused' || (accountOf(user.name) === undefined && !isSystemUser(user)) || isProviderUser(user)) return;
      if (addresses.length === 0 || !addresses.every((address) => isForeign(address, settings))) return;
      yield { message: `${userName(event)} acted from ${addressOf(event) ?? ''} on the Internet: ${event.verb} ${objectName(event)}`, object: null, group: addresses };
    },
  },
});
