import { objectName } from '#src/model/audit-object.ts';
import { defineDetection, isNamed } from '#src/model/detection.ts';
import { kubernetes } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each request that somebody made as somebody else, but for users that the site has named. */
export const detection = defineDetection({
  id: 'audit/impersonation',
  title: 'Somebody acted as somebody else',
  severity: 'high',
  tips: [8, 2],
  why: 'Whoever may act as others has all their rights, and what they do looks like it was done by them.',
  fix: 'Ask the person whether it was them and why; name proxies that must do so in the configuration.',
  sources: [kubernetes('User impersonation', 'reference/access-authn-authz/user-impersonation/')],
  audit: {
    when: ['impersonated'],
    *judge(event, { settings }) {
      const { impersonator, user, verb } = event;
      if (impersonator === undefined || isNamed(impersonator.name, settings.impersonators)) return;
      const who = impersonator.name === '' ? 'Somebody' : impersonator.name;
      yield {
        severity: severityOfTry(event, 'high'),
        message: `${who} ${event.outcome === 'allowed' ? 'acted' : 'tried to act'} as ${user.name}: ${verb} ${objectName(event)}`,
        group: [who],
      };
    },
  },
});
