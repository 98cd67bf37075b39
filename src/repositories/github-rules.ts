import { z } from 'zod';
import { SourceFailed } from '#src/model/people.ts';
import type { BranchRule } from '#src/model/repository-settings.ts';
import type { Api } from '#src/people/sources/support/api.ts';
import { nextLink } from '#src/people/sources/support/link.ts';
import type { GithubBranch } from './github.ts';
import type { Look } from './look.ts';

const ADMINISTRATION = 'the repository permission Administration (read)';
const METADATA = 'the repository permission Metadata (read)';

/** What the protection of the branch and the rulesets ask for; they hold together. */
export async function readRules(at: GithubBranch, look: Look): Promise<readonly BranchRule[]> {
  const protection = await look.at('protection', ADMINISTRATION, (api) => protectionOf(api, at));
  const rulesets = await look.at('rulesets', METADATA, (api) => rulesetsOf(api, at));
  return [...(protection ? [protection] : []), ...(await withExemptions(rulesets ?? [], at, look))];
}

const branchShape = z.object({ protected: z.boolean() });
const switchShape = z.object({ enabled: z.boolean() }).optional();
const bypassShape = z.object({
  users: z.array(z.object({ login: z.string() })).default([]),
  teams: z.array(z.object({ slug: z.string() })).default([]),
  apps: z.array(z.object({ slug: z.string() })).default([]),
});
const protectionShape = z.object({
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().default(false),
      require_last_push_approval: z.boolean().default(false),
      required_approving_review_count: z.int().default(1),
      bypass_pull_request_allowances: bypassShape.optional(),
    })
    .nullish(),
  enforce_admins: switchShape,
  allow_force_pushes: switchShape,
});

/** Undefined when there is none. */
async function protectionOf(api: Api, { path, branch, isAdmin }: GithubBranch): Promise<BranchRule | undefined> {
  const below = `${path}/branches/${encodeURIComponent(branch)}`;
  // Anybody who reads the code is told whether there is some protection, by whatever means; an administrator, by which.
  if (!(await api.get(below, branchShape)).body.protected) return undefined;
  try {
    return ruleOf((await api.get(`${below}/protection`, protectionShape)).body);
  } catch (error) {
    if (isAdmin && error instanceof SourceFailed && error.status === 404) return undefined;
    throw error;
  }
}

function ruleOf({ required_pull_request_reviews: reviews, enforce_admins: admins, allow_force_pushes: force }: z.output<typeof protectionShape>): BranchRule {
  const { users = [], teams = [], apps = [] } = reviews?.bypass_pull_request_allowances ?? {};
  return {
    source: 'branch protection',
    approvals: reviews?.required_approving_review_count ?? 0,
    dismissesStale: reviews !== undefined && reviews !== null && (reviews.dismiss_stale_reviews || reviews.require_last_push_approval),
    blocksForcePush: force?.enabled !== true,
    exempt: [...(admins?.enabled === true ? [] : ['administrators']), ...users.map(({ login }) => login), ...teams.map(({ slug }) => `the team ${slug}`), ...apps.map(({ slug }) => `the app ${slug}`)],
  };
}

interface Ruleset {
  readonly id: number;
  readonly rule: BranchRule;
}

const ruleShape = z.object({
  type: z.string(),
  ruleset_id: z.int(),
  parameters: z.object({ required_approving_review_count: z.int().optional(), dismiss_stale_reviews_on_push: z.boolean().optional(), require_last_push_approval: z.boolean().optional() }).optional(),
});

async function rulesetsOf(api: Api, { path, branch }: GithubBranch): Promise<readonly Ruleset[]> {
  const rules: z.output<typeof ruleShape>[] = [];
  for await (const { body } of api.pages(`${path}/rules/branches/${encodeURIComponent(branch)}?per_page=100`, z.array(ruleShape), nextLink)) rules.push(...body);
  return [...Map.groupBy(rules, ({ ruleset_id: id }) => id)].map(([id, own]) => {
    const review = own.find(({ type }) => type === 'pull_request')?.parameters;
    return {
      id,
      rule: {
        source: `ruleset ${id}`,
        approvals: review?.required_approving_review_count ?? 0,
        dismissesStale: review?.dismiss_stale_reviews_on_push === true || review?.require_last_push_approval === true,
        // What only comes by a pull request is not pushed at all.
        blocksForcePush: own.some(({ type }) => type === 'non_fast_forward' || type === 'pull_request'),
      },
    };
  });
}

const ROLES: Readonly<Record<number, string>> = { 2: 'everybody who maintains', 4: 'everybody who may write', 5: 'administrators' };
const rulesetShape = z.object({ bypass_actors: z.array(z.object({ actor_id: z.int().nullish(), actor_type: z.string() })).optional() });

/** Only rulesets that ask for a review matter. */
async function withExemptions(rulesets: readonly Ruleset[], { path }: GithubBranch, look: Look): Promise<readonly BranchRule[]> {
  const rules: BranchRule[] = [];
  for (const { id, rule } of rulesets) {
    const asked = (rule.approvals ?? 0) > 0;
    const actors = asked ? (await look.at('exemptions', METADATA, (api) => api.get(`${path}/rulesets/${id}`, rulesetShape)))?.body.bypass_actors : undefined;
    if (asked && actors === undefined) look.close('exemptions', 'GitHub tells who is exempt from a ruleset only to a token that may change it');
    rules.push({ ...rule, ...(actors && { exempt: actors.map(({ actor_type: type, actor_id: actor }) => actorText(type, actor)) }) });
  }
  return rules;
}

function actorText(type: string, id: number | null | undefined): string {
  switch (type) {
    case 'OrganizationAdmin':
      return 'owners of the organisation';
    case 'RepositoryRole':
      return ROLES[id ?? 0] ?? `the role ${id ?? ''}`;
    case 'DeployKey':
      return 'deploy keys';
    default:
      return `the ${type === 'Integration' ? 'app' : type.toLowerCase()} ${id ?? ''}`;
  }
}
