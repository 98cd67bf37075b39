import type { SourceDeps } from '#src/model/people.ts';
import { encodedPath, type CodeHost, type Repository } from '#src/model/repositories.ts';
import type { Api, ApiOptions } from '#src/people/sources/support/api.ts';
import { openHost } from './host.ts';

/** An archive is made while it is asked for, which takes its time. */
const BOUNDS = { timeoutMs: 120_000, maxBytes: 128 * 1024 ** 2, maxWaitMs: 60_000 };

interface Archives {
  readonly rights: string;
  readonly read: (api: Api, repository: Repository, ref: string | undefined) => Promise<Buffer>;
}

const ARCHIVES: Readonly<Record<CodeHost, Archives>> = {
  github: {
    rights: 'a fine-grained token or app with the repository permission Contents (read), and an existing repository and ref',
    read: (api, { name, url }, ref) => api.file(`/repos/${encodedPath(name)}/tarball${ref === undefined ? '' : `/${encodedPath(ref)}`}`, archiveHosts(new URL(url).hostname)),
  },
  gitlab: {
    rights: 'a token with the scope read_api or read_repository of somebody who may read the code, and an existing project and ref',
    // It answers with the archive itself.
    read: (api, { name }, ref) => api.file(`/api/v4/projects/${encodeURIComponent(name)}/repository/archive.tar.gz${ref === undefined ? '' : `?sha=${encodeURIComponent(ref)}`}`, []),
  },
};

/** Downloads a repository as a packed archive; the token is read anew and goes to the API alone. @throws {SourceFailed} */
export async function downloadRepository(repository: Repository, ref: string | undefined, deps: SourceDeps, signal: AbortSignal, bounds: ApiOptions['bounds'] = {}): Promise<Buffer> {
  const { rights, read } = ARCHIVES[repository.host];
  return read(await openHost(repository, rights, { deps, signal, bounds: { ...BOUNDS, ...bounds } }), repository, ref);
}

/** Where GitHub keeps archives; its servers at companies have them beside the API. */
function archiveHosts(api: string): readonly string[] {
  return api === 'api.github.com' ? ['codeload.github.com'] : [api, `codeload.${api}`];
}
