import type { SourceDeps } from '#src/model/people.ts';
import type { Repository } from '#src/model/repositories.ts';
import { openApi, type Api, type ApiOptions } from '#src/people/sources/support/api.ts';

/** An archive is made while it is asked for, which takes its time. */
const BOUNDS = { timeoutMs: 120_000, maxBytes: 128 * 1024 ** 2, maxWaitMs: 60_000 };

interface Host {
  readonly title: string;
  readonly rights: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly busyText?: RegExp;
  readonly archive: (api: Api, repository: Repository, ref: string | undefined) => Promise<Buffer>;
}

const HOSTS: Readonly<Record<Repository['host'], Host>> = {
  github: {
    title: 'GitHub',
    rights: 'a fine-grained token or app with the repository permission Contents (read), and an existing repository and ref',
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    busyText: /secondary rate limit|abuse detection/i,
    archive: (api, { name, url }, ref) => api.file(`/repos/${encoded(name)}/tarball${ref === undefined ? '' : `/${encoded(ref)}`}`, archiveHosts(new URL(url).hostname)),
  },
  gitlab: {
    title: 'GitLab',
    rights: 'a token with the scope read_api or read_repository of somebody who may read the code, and an existing project and ref',
    headers: {},
    // It answers with the archive itself.
    archive: (api, { name }, ref) => api.file(`/api/v4/projects/${encodeURIComponent(name)}/repository/archive.tar.gz${ref === undefined ? '' : `?sha=${encodeURIComponent(ref)}`}`, []),
  },
};

/** Downloads a repository as a packed archive; the token is read anew and goes to the API alone. @throws {SourceFailed} */
export async function downloadRepository(repository: Repository, ref: string | undefined, deps: SourceDeps, signal: AbortSignal, bounds: ApiOptions['bounds'] = {}): Promise<Buffer> {
  const { host, url, token } = repository;
  const { archive, headers, ...named } = HOSTS[host];
  const authorization = token === undefined ? {} : { authorization: `Bearer ${await deps.secret(token)}` };
  const api = openApi({ ...named, address: url, headers: { ...headers, ...authorization }, bounds: { ...BOUNDS, ...bounds }, deps, signal });
  return archive(api, repository, ref);
}

/** Where GitHub keeps archives; its servers at companies have them beside the API. */
function archiveHosts(api: string): readonly string[] {
  return api === 'api.github.com' ? ['codeload.github.com'] : [api, `codeload.${api}`];
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
