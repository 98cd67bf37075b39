import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { compareSeverity, milder, type Severity } from '#src/model/finding.ts';
import { holdingsOf, isBindingHolding } from '#src/model/rbac-holdings.ts';
import type { PolicyRule } from '#src/model/rbac-rule.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

interface Wildcard {
  readonly field: 'resources' | 'verbs' | 'apiGroups' | 'nonResourceURLs';
  readonly severity: Severity;
  /** After "allows". */
  readonly what: string;
}

/** Reports each role with a wildcard in a rule, which also allows what Kubernetes or an add-on brings later. */
export const check = defineClusterCheck({
  id: 'access/wildcard-rules',
  title: 'Roles say what they allow',
  severity: 'high',
  tips: [2],
  why: 'A wildcard allows more than its author thought of, and more with every version and every custom resource.',
  fix: 'List the verbs and resources that are used.',
  sources: [cis('5.1.3'), RBAC_GOOD_PRACTICES],
  needs: { rbac },
  *judge({ rbac }) {
    for (const holding of holdingsOf(rbac)) {
      if (isBindingHolding(holding)) continue;
      const found = holding.rules.flatMap(([index, { rule }]) => wildcardsOf(rule).map((wildcard) => ({ index, ...wildcard })));
      const [worst] = found.toSorted((a, b) => compareSeverity(a.severity, b.severity));
      if (worst === undefined) continue;
      const isBound = holding.subjects.length > 0;
      const whom = isBound ? `bound to ${describeSubjects(holding.subjects)}` : 'nothing that was read binds it';
      yield {
        subject: holding.object,
        severity: isBound ? worst.severity : 'low',
        path: ['rules', worst.index, worst.field],
        message: `Allows ${worst.what}; ${whom}`,
        related: holding.related,
      };
    }
  },
});

function wildcardsOf(rule: PolicyRule): readonly Wildcard[] {
  const { verbs, groups = [], resources, names, urls } = rule;
  const named = names.length > 0 ? milder : (severity: Severity) => severity;
  const onResources = verbs.length > 0 && resources.length > 0;
  const dead = resources.find((resource) => resource.endsWith('/*'));
  const found: (Wildcard | false)[] = [
    onResources && resources.includes('*') && { field: 'resources', severity: named('high'), what: `${verbs.includes('*') ? 'every verb' : verbs.join(', ')} on every resource` },
    onResources && verbs.includes('*') && { field: 'verbs', severity: named('high'), what: `every verb on ${resources.join(', ')}` },
    urls.includes('*') && verbs.includes('*') && { field: 'nonResourceURLs', severity: 'medium', what: 'every verb on every URL of the API server that is no resource' },
    onResources && groups.includes('*') && { field: 'apiGroups', severity: 'low', what: `${resources.join(', ')} of every API group` },
    onResources && dead !== undefined && { field: 'resources', severity: 'low', what: `nothing by ${dead}, which is no wildcard in Kubernetes` },
  ];
  return found.filter((wildcard) => wildcard !== false);
}
