import { loggedBody, objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { describeSubjects, subjectsOf } from '#src/model/rbac-subject.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { BINDING_RESOURCES, GIVING_VERBS, powerGiven } from '../rbac-change.ts';
import { isByApiServer } from '../requests.ts';

/** Tells of each binding that made somebody an administrator. The server writes its default bindings itself. */
export const detection = defineDetection({
  id: 'audit/cluster-admin-bound',
  title: 'Somebody was made an administrator',
  severity: 'critical',
  tips: [8, 2],
  why: 'Whoever is named there may do anything in the cluster, or in the namespace.',
  fix: 'Ask whoever made the binding why; delete it if it is not wanted, and look at what its subjects did since.',
  sources: [cis('5.1.1'), RBAC_GOOD_PRACTICES],
  audit: {
    resources: BINDING_RESOURCES,
    verbs: GIVING_VERBS,
    *judge(event) {
      if (event.outcome !== 'allowed' || isByApiServer(event)) return;
      const logged = loggedBody(event);
      if ('undecided' in logged) return yield logged;
      const clusterWide = event.target?.resource === 'clusterrolebindings';
      const power = powerGiven(logged.body, clusterWide);
      if (power === undefined) return;
      const subjects = describeSubjects(subjectsOf(logged.body));
      yield { severity: clusterWide ? 'critical' : 'high', message: `${userName(event)} gave ${power} to ${subjects === '' ? 'nobody yet' : subjects} by ${objectName(event)}` };
    },
  },
});
