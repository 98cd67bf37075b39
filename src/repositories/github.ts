import { z } from 'zod';
import { encodedPath, type Repository } from '#src/model/repositories.ts';
import type { Authors, BranchRule, DeployKey, EnvironmentSecret, PipelineSecret, RepositorySettings, Writer } from '#src/model/repository-settings.ts';
import type { Api } from '#src/people/sources/support/api.ts';
import { momentOf } from '#src/people/sources/support/list.ts';
import { nextLink } from '#src/people/sources/support/link.ts';
import { numberedPages } from '#src/people/sources/support/numbered-pages.ts';
import { readRules } from './github-rules.ts';
import { HOST_TITLES } from './host.ts';
import { keyMoments } from './key-moments.ts';
import type { Look } from './look.ts';
import type { HostSettings } from './settings.ts';

const TITLE = HOST_TITLES.github;
const RIGHTS = {
  repository: 'the repository permission Metadata (read)',
  writers: 'the repository permission Metadata (read), of somebody who may write',
  authors: 'the repository permission Contents (read)',
  deployKeys: 'the repository permission Administration (read)',
  secrets: 'the repository permission Secrets (read)',
  environmentSecrets: 'the repository permissions Actions (read) and Environments (read)',
};

const repositoryShape = z.object({
  private: z.boolean(),
  visibility: z.enum(['public', 'internal', 'private']).optional(),
  default_branch: z.string().min(1),
  owner: z.object({ type: z.string() }),
  permissions: z.object({ admin: z.boolean() }).optional(),
});

export interface GithubBranch {
  /** `/repos/acme/shop`. */
  readonly path: string;
  readonly branch: string;
  /** The token is somebody's who would be shown everything. */
  readonly isAdmin: boolean;
}

/** What GitHub tells of a repository. */
export const githubSettings: HostSettings = async function githubSettings({ name }: Repository, look, since) {
  const path = `/repos/${encodedPath(name)}`;
  const known = await look.at('visibility', RIGHTS.repository, async (api) => (await api.get(path, repositoryShape)).body);
  const writers = await writersOf(path, known?.owner.type !== 'User', look);
  const deployKeys = await look.at('deployKeys', RIGHTS.deployKeys, (api) => deployKeysOf(api, path));
  const shown = { ...(writers && { writers }), ...(deployKeys && { deployKeys }), ...(await pipelineSecrets(path, known?.owner.type !== 'User', look)) };
  if (known === undefined) {
    for (const part of ['protection', 'authors'] as const) look.close(part, look.unseen.visibility ?? 'the default branch is not known');
    return shown;
  }
  const { default_branch: branch, visibility = known.private ? 'private' : 'public', permissions } = known;
  const rules: readonly BranchRule[] = await readRules({ path, branch, isAdmin: permissions?.admin === true }, look);
  const authors = await look.at('authors', RIGHTS.authors, (api) => authorsOf(api, `${path}/commits?sha=${encodeURIComponent(branch)}&since=${since}&per_page=100`, since));
  return { ...shown, visibility, branch, rules, ...(authors && { authors }) };
};

const accountShape = z.object({ id: z.int(), login: z.string().min(1), type: z.string() });
const collaboratorShape = accountShape.extend({ role_name: z.string().optional(), permissions: z.object({ push: z.boolean() }) });

async function writersOf(path: string, isOrganization: boolean, look: Look): Promise<readonly Writer[] | undefined> {
  const list = (affiliation: string) => (api: Api) => numberedPages(api, TITLE, `${path}/collaborators?affiliation=${affiliation}&per_page=100`, z.array(collaboratorShape), ({ id }) => String(id));
  const all = await look.at('writers', RIGHTS.writers, list('all'));
  if (all === undefined) return undefined;
  if (!isOrganization) look.close('outside', 'the repository belongs to a person, so that nobody is an outside collaborator of an organisation');
  const outside = isOrganization ? await look.at('outside', RIGHTS.writers, list('outside')) : undefined;
  const outsiders = outside && new Set(outside.map(({ id }) => id));
  return all
    .filter(({ permissions }) => permissions.push)
    .map(({ id, login, type, role_name: role }) => ({ login, ...(role !== undefined && { role }), ...((type === 'Bot' || login.endsWith('[bot]')) && { bot: true }), ...(outsiders && { outside: outsiders.has(id) }) }));
}

const keyShape = z.object({ id: z.int(), title: z.string(), read_only: z.boolean(), created_at: z.string(), last_used: z.string().nullish() });

async function deployKeysOf(api: Api, path: string): Promise<readonly DeployKey[]> {
  const keys = await numberedPages(api, TITLE, `${path}/keys?per_page=100`, z.array(keyShape), ({ id }) => String(id));
  return keys.map(({ id, title, read_only: readOnly, created_at: created, last_used: used }) => ({ id: String(id), title, write: !readOnly, ...keyMoments(created, used) }));
}

const secretsShape = z.object({ secrets: z.array(z.object({ name: z.string(), updated_at: z.string() })) }).transform(({ secrets }) => secrets);

type PipelineSecrets = Pick<RepositorySettings, 'secrets' | 'organizationSecrets' | 'environmentSecrets'>;

/** Names and dates only; the API gives no values. */
async function pipelineSecrets(path: string, isOrganization: boolean, look: Look): Promise<PipelineSecrets> {
  const secrets = await look.at('secrets', RIGHTS.secrets, (api) => secretsOf(api, `${path}/actions/secrets`));
  const organizationSecrets = isOrganization ? await look.at('organizationSecrets', RIGHTS.secrets, (api) => secretsOf(api, `${path}/actions/organization-secrets`)) : [];
  const environmentSecrets = await look.at('environmentSecrets', RIGHTS.environmentSecrets, (api) => environmentSecretsOf(api, path));
  return { ...(secrets && { secrets }), ...(organizationSecrets && { organizationSecrets }), ...(environmentSecrets && { environmentSecrets }) };
}

const environmentsShape = z.object({ environments: z.array(z.object({ name: z.string().min(1) })) }).transform(({ environments }) => environments);

async function environmentSecretsOf(api: Api, path: string): Promise<readonly EnvironmentSecret[]> {
  const environments = await numberedPages(api, TITLE, `${path}/environments?per_page=100`, environmentsShape, ({ name }) => name);
  const secrets: EnvironmentSecret[] = [];
  for (const { name: environment } of environments) {
    for (const secret of await secretsOf(api, `${path}/environments/${encodeURIComponent(environment)}/secrets`)) secrets.push({ ...secret, environment });
  }
  return secrets;
}

async function secretsOf(api: Api, path: string): Promise<readonly PipelineSecret[]> {
  const secrets = await numberedPages(api, TITLE, `${path}?per_page=100`, secretsShape, ({ name }) => name);
  return secrets.map(({ name, updated_at: updated }) => {
    const changedAt = momentOf(updated);
    return { name, ...(changedAt !== undefined && { changedAt }) };
  });
}

const userShape = z.object({ login: z.string().optional() }).nullish();
const commitShape = z.object({ author: userShape, committer: userShape, commit: z.object({ author: z.object({ email: z.string().nullish() }).nullish() }) });

async function authorsOf(api: Api, first: string, since: string): Promise<Authors> {
  const logins = new Set<string>();
  const unknown = new Set<string>();
  for await (const { body } of api.pages(first, z.array(commitShape), nextLink)) {
    for (const { author, committer, commit } of body) {
      for (const login of [author?.login, committer?.login]) if (login !== undefined) logins.add(login);
      if (author?.login === undefined) unknown.add(commit.author?.email?.toLowerCase() ?? '');
    }
  }
  return { since, logins: [...logins].sort(), unknown: unknown.size };
}
