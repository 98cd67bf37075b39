import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck, type CheckMeta, type ClusterCheck } from '#src/model/check.ts';
import { grantOf, type Grant, type Risk } from '#src/model/rbac-grant.ts';
import { holdingsOf, isBindingHolding, type Holding } from '#src/model/rbac-holdings.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';

/** A check of what roles allow, told by its table of rights. */
export interface RiskCheck extends Omit<CheckMeta, 'items' | 'judgesStock'>, Omit<Risk, 'severity'> {
  /** What the holder may do, for people, after "may": `read Secrets`. */
  readonly may: string;
}

/**
 * A check that reports each role that grants one of some rights, and each binding that gives one away by a default role.
 *
 * A role that nothing binds is at most low; one narrowed to named objects is milder; one whose right does nothing is low.
 */
export function defineRiskCheck(check: RiskCheck): ClusterCheck & RiskCheck {
  const judged = defineClusterCheck({
    ...check,
    needs: { rbac },
    *judge({ rbac }, { version }) {
      for (const holding of holdingsOf(rbac)) {
        const grant = grantOf(check, holding, rbac, version);
        if (grant === undefined) continue;
        yield {
          subject: holding.object,
          severity: grant.severity,
          path: isBindingHolding(holding) ? ['roleRef'] : ['rules', grant.index],
          message: describe(check, grant, holding),
          evidence: ruleText(grant),
          related: holding.related,
        };
      }
    },
  });
  return { ...check, ...judged };
}

function describe({ may, namespace }: RiskCheck, grant: Grant, holding: Holding): string {
  if (grant.reach === 'idle') return describeIdle(grant, holding);
  const names = grant.narrowed ? `, but only for ${listed(grant.rule.names)}` : '';
  const where = namespace === undefined ? placeOf(grant) : '';
  if (isBindingHolding(holding)) return `Lets ${describeSubjects(holding.subjects)} ${may}${where}${names}, through the role ${holding.role.name}`;
  if (grant.reach === 'unbound') return `May ${may}${names}; nothing that was read binds it`;
  return `May ${may}${where}${names}; bound to ${describeSubjects(grant.bindings.flatMap(({ subjects }) => subjects))}`;
}

function describeIdle({ idleness, rule, resource }: Grant, holding: Holding): string {
  if (idleness === 'no-wildcard') return `Names ${resource.split('/')[0] ?? ''}/*, which is no wildcard in Kubernetes and grants nothing`;
  const named = `Names ${listed(rule.verbs)} on ${resource}`;
  if (idleness === 'wrong-resource') return `${named}, where it does nothing`;
  return `${named}, which does nothing ${holding.role.kind === 'Role' ? 'in a Role' : 'when it is bound in a namespace'}`;
}

function placeOf({ reach, namespaced, bindings }: Grant): string {
  if (!namespaced || reach === 'unbound') return '';
  if (reach === 'everywhere') return ' in every namespace';
  const namespaces = [...new Set(bindings.map(({ namespace }) => namespace))];
  return namespaces.length === 1 ? ` in ${namespaces[0] ?? ''}` : ` in ${namespaces.length} namespaces`;
}

function ruleText({ rule }: Grant): string {
  return `${listed(rule.verbs)} on ${listed(rule.resources)}`;
}

/** The first few, so that no rule makes a page. */
function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, 8);
  return texts.length > shown.length ? `${shown.join(', ')} and ${texts.length - shown.length} more` : shown.join(', ');
}
