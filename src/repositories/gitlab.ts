import { z } from 'zod';
import type { Repository } from '#src/model/repositories.ts';
import type { Authors, BranchRule, DeployKey, Writer } from '#src/model/repository-settings.ts';
import { isGitlabBot } from '#src/people/sources/gitlab.ts';
import type { Api } from '#src/people/sources/support/api.ts';
import { nextLink } from '#src/people/sources/support/link.ts';
import { numberedPages } from '#src/people/sources/support/numbered-pages.ts';
import { HOST_TITLES } from './host.ts';
import { keyMoments } from './key-moments.ts';
import type { Look } from './look.ts';
import type { HostSettings } from './settings.ts';

const TITLE = HOST_TITLES.gitlab;
const MEMBER = 'a token with the scope read_api of a member of the project';
const MAINTAINER = 'a token with the scope read_api of a Maintainer of the project';
const APPROVALS = `${MAINTAINER}, and GitLab Premium, which approvals are part of`;

const DEVELOPER = 30;
const ROLES: Readonly<Record<number, string>> = { 30: 'Developer', 40: 'Maintainer', 50: 'Owner', 60: 'administrator' };

const projectShape = z.object({ visibility: z.enum(['public', 'internal', 'private']), default_branch: z.string().nullish() });

/** What GitLab tells of a project. */
export const gitlabSettings: HostSettings = async function gitlabSettings({ name }: Repository, look, since) {
  const path = `/api/v4/projects/${encodeURIComponent(name)}`;
  const project = await look.at('visibility', MEMBER, async (api) => (await api.get(path, projectShape)).body);
  const writers = await look.at('writers', MEMBER, (api) => writersOf(api, path));
  look.close('outside', 'GitLab tells only administrators who is an external user');
  const authors = await look.at('authors', MEMBER, (api) => authorsOf(api, path, since));
  const deployKeys = await look.at('deployKeys', MAINTAINER, (api) => deployKeysOf(api, path));
  // With the names would come the values.
  look.close('secrets', 'GitLab does not tell when a variable was changed, and its variables are not asked for, since their values come with their names');
  const branch = project?.default_branch ?? undefined;
  const rules = branch === undefined ? undefined : await rulesOf(path, branch, look);
  if (branch === undefined) look.close('protection', look.unseen.visibility ?? 'the project has no default branch');
  return {
    ...(project && { visibility: project.visibility }),
    ...(branch !== undefined && { branch }),
    ...(rules && { rules }),
    ...(writers && { writers }),
    ...(authors && { authors }),
    ...(deployKeys && { deployKeys }),
  };
};

const memberShape = z.object({ id: z.int(), username: z.string().min(1), access_level: z.int(), state: z.string() });

async function writersOf(api: Api, path: string): Promise<readonly Writer[]> {
  const members = await numberedPages(api, TITLE, `${path}/members/all?per_page=100`, z.array(memberShape), ({ id }) => String(id));
  return members
    .filter(({ access_level: level, state }) => level >= DEVELOPER && state === 'active')
    .map(({ username, access_level: level }) => ({ login: username, role: ROLES[level] ?? `level ${level}`, ...(isGitlabBot(username) && { bot: true }) }));
}

const eventShape = z.object({ author_username: z.string().min(1) });

/** Pushes name accounts, which commits do not. */
async function authorsOf(api: Api, path: string, since: string): Promise<Authors> {
  const logins = new Set<string>();
  for await (const { body } of api.pages(`${path}/events?action=pushed&after=${since.slice(0, 10)}&per_page=100`, z.array(eventShape), nextLink)) {
    for (const { author_username: login } of body) logins.add(login);
  }
  return { since, logins: [...logins].sort(), unknown: 0 };
}

const keyShape = z.object({ id: z.int(), title: z.string(), can_push: z.boolean(), created_at: z.string(), last_used_at: z.string().nullish() });

async function deployKeysOf(api: Api, path: string): Promise<readonly DeployKey[]> {
  const keys = await numberedPages(api, TITLE, `${path}/deploy_keys?per_page=100`, z.array(keyShape), ({ id }) => String(id));
  return keys.map(({ id, title, can_push: write, created_at: created, last_used_at: used }) => ({ id: String(id), title, write, ...keyMoments(created, used) }));
}

const levelShape = z.object({ access_level: z.int().nullish(), user_id: z.int().nullish(), group_id: z.int().nullish(), deploy_key_id: z.int().nullish() });
type Level = z.output<typeof levelShape>;
const branchShape = z.object({ id: z.int(), name: z.string(), push_access_levels: z.array(levelShape), allow_force_push: z.boolean().default(false) });
const settingsShape = z.object({ reset_approvals_on_push: z.boolean(), merge_requests_author_approval: z.boolean().nullish() });
/** Rules of these types hold for every change. */
const ALWAYS: ReadonlySet<string> = new Set(['any_approver', 'regular']);
const approvalShape = z.object({ id: z.int(), rule_type: z.string(), approvals_required: z.int(), protected_branches: z.array(z.object({ name: z.string() })).default([]) });

/** Of several protections that fit the branch, whatever one allows is allowed. */
async function rulesOf(path: string, branch: string, look: Look): Promise<readonly BranchRule[] | undefined> {
  const all = await look.at('protection', MEMBER, (api) => numberedPages(api, TITLE, `${path}/protected_branches?per_page=100`, z.array(branchShape), ({ id }) => String(id)));
  if (all === undefined) return undefined;
  const protections = all.filter(({ name }) => fits(name, branch));
  if (protections.length === 0) return [];
  const rule = {
    source: 'protected branch',
    blocksForcePush: !protections.some(({ allow_force_push: force }) => force),
    exempt: [...new Set(protections.flatMap(({ push_access_levels: levels }) => levels.flatMap(pusherText)))],
  };
  const approvals = await look.at('approvals', APPROVALS, (api) => approvalsOf(api, path, branch));
  return [{ ...rule, ...approvals }];
}

async function approvalsOf(api: Api, path: string, branch: string): Promise<Pick<BranchRule, 'approvals' | 'dismissesStale' | 'authorMayApprove'>> {
  const { body } = await api.get(`${path}/approvals`, settingsShape);
  const rules = await numberedPages(api, TITLE, `${path}/approval_rules?per_page=100`, z.array(approvalShape), ({ id }) => String(id));
  const own = rules.filter(({ rule_type: type, protected_branches: only }) => ALWAYS.has(type) && (only.length === 0 || only.some(({ name }) => fits(name, branch))));
  return {
    approvals: Math.max(0, ...own.map(({ approvals_required: count }) => count)),
    dismissesStale: body.reset_approvals_on_push,
    authorMayApprove: body.merge_requests_author_approval === true,
  };
}

/** `*` stands for any text. */
function fits(pattern: string, branch: string): boolean {
  return new RegExp(`^${pattern.split(/\*+/).map((part) => part.replace(/[^\w-]/g, String.raw`\$&`)).join('.*')}$`).test(branch);
}

/** Who pushes without a merge request, and so without its approvals. */
function pusherText({ access_level: level, user_id: user, group_id: group, deploy_key_id: key }: Level): readonly string[] {
  if (user !== null && user !== undefined) return [`the user ${user}`];
  if (group !== null && group !== undefined) return [`the group ${group}`];
  if (key !== null && key !== undefined) return ['a deploy key'];
  return level === 0 || level === null || level === undefined ? [] : [`everybody from ${ROLES[level] ?? `level ${level}`} up`];
}
