import { repositorySettings, type RepositoryFacts } from '#src/facts/repository-settings.ts';
import { defineClusterCheck, type ClusterProblem, type NotEvaluated } from '#src/model/check.ts';
import type { BranchRule, SettingsPart } from '#src/model/repository-settings.ts';
import { eachRepository, github, gitlab, unseen } from '../repositories.ts';

/** What may be missing of what holds for a branch. */
const RULE_PARTS = ['protection', 'rulesets', 'approvals'] as const satisfies readonly SettingsPart[];

/** Reports each default branch that takes changes which nobody else has looked at. */
export const check = defineClusterCheck({
  id: 'iac/branch-without-review',
  title: 'Somebody else reviews every change to the default branch of infrastructure',
  severity: 'high',
  tips: [4],
  why: 'One mistake, or one stolen account, reaches every system that is built from the branch when nobody else has to look at it first.',
  fix: 'Protect the branch, or add a ruleset: an approval by somebody else, dismissed by new commits, no force pushes, no exemptions.',
  sources: [
    github('protected branches', 'repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches'),
    github('rulesets', 'repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets'),
    gitlab('protected branches', 'user/project/repository/branches/protected/'),
    gitlab('merge request approvals', 'user/project/merge_requests/approvals/settings/'),
  ],
  items: {
    'no-review': { title: 'A change needs the approval of somebody else than its author' },
    'stale-review': { title: 'An approval does not hold for commits that come after it', severity: 'medium' },
    'force-push': { title: 'The history of the branch cannot be overwritten' },
    'admin-exempt': { title: 'The review is asked of administrators, too' },
  },
  needs: { repositorySettings },
  *judge({ repositorySettings }) {
    yield* eachRepository(repositorySettings, gapsOf);
  },
});

function* gapsOf(repository: RepositoryFacts): Iterable<ClusterProblem | NotEvaluated> {
  const { subject, settings } = repository;
  const { rules, branch = 'the default branch' } = settings;
  const missing = RULE_PARTS.find((part) => settings.unseen[part] !== undefined);
  if (rules === undefined) {
    yield unseen(settings, missing ?? 'protection');
    return;
  }
  const gap = (item: string, message: string): ClusterProblem => ({ subject, item, path: ['rules'], message });
  const judged = (item: string, holds: Held, message: string) => (holds === 'unknown' ? [unseen(settings, missing ?? (item === 'admin-exempt' ? 'exemptions' : 'approvals'), item)] : holds === 'no' ? [gap(item, message)] : []);
  const isWhole = missing === undefined;

  yield* judged('force-push', anyOf(rules, ({ blocksForcePush }) => blocksForcePush, isWhole), `The history of ${branch} can be overwritten by a force push`);
  const reviewed = anyOf(rules, asksReview, isWhole);
  if (reviewed !== 'yes') {
    yield* judged('no-review', reviewed, `A change reaches ${branch} without the approval of somebody else`);
    // Without a review there is nothing to go out of date, or to be exempt from.
    if (reviewed === 'unknown') yield* ['stale-review', 'admin-exempt'].map((item) => unseen(settings, missing ?? 'approvals', item));
    return;
  }
  const reviews = rules.filter((rule) => asksReview(rule) === true);
  const hasAll = isWhole && rules.every((rule) => asksReview(rule) !== undefined);
  yield* judged('stale-review', anyOf(reviews, ({ dismissesStale }) => dismissesStale, hasAll), `An approval also holds for what is added to a change of ${branch} after it`);
  const spared = [...new Set(reviews.flatMap((rule) => rule.exempt ?? []))];
  yield* judged('admin-exempt', anyOf(reviews, ({ exempt }) => (exempt === undefined ? undefined : exempt.length === 0), hasAll), `The review of changes to ${branch} is not asked of ${spared.join(', ')}`);
}

type Held = 'yes' | 'no' | 'unknown';

/** All rules hold together, so that one is enough. What is not known may be the one. */
function anyOf(rules: readonly BranchRule[], test: (rule: BranchRule) => boolean | undefined, hasAll: boolean): Held {
  const answers = rules.map(test);
  if (answers.includes(true)) return 'yes';
  return hasAll && !answers.includes(undefined) ? 'no' : 'unknown';
}

function asksReview({ approvals, authorMayApprove }: BranchRule): boolean | undefined {
  if (approvals === undefined) return undefined;
  if (approvals === 0) return false;
  return authorMayApprove === true ? approvals > 1 : true;
}
