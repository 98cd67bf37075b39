import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { kubernetes } from '#src/model/references.ts';
import { isSystemAtHome } from '../requests.ts';

/** Tells of each token that somebody had made for a ServiceAccount. The kubelet has them made for its pods, and components for themselves. */
export const detection = defineDetection({
  id: 'audit/token-minted',
  title: 'A token of a ServiceAccount was made',
  severity: 'medium',
  tips: [8, 2],
  why: 'Whoever has the token acts as the account until it expires, and nothing shows who it is.',
  fix: 'Ask the person what it is for; delete the account if it was not them, which ends its tokens.',
  sources: [kubernetes('Service accounts', 'concepts/security/service-accounts/')],
  audit: {
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
    *judge(event) {
      const isKubelet = event.user.name.startsWith('system:node:');
      if (event.outcome !== 'allowed' || isKubelet || isSystemAtHome(event)) return;
      yield { message: `${userName(event)} had a token made for the ServiceAccount ${objectName(event)}` };
    },
  },
});
