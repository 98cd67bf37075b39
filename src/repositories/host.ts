import type { SourceDeps } from '#src/model/people.ts';
import type { CodeHost, Repository } from '#src/model/repositories.ts';
import { openApi, type Api, type ApiOptions } from '#src/people/sources/support/api.ts';

export const HOST_TITLES: Readonly<Record<CodeHost, string>> = { github: 'GitHub', gitlab: 'GitLab' };

const HOSTS: Readonly<Record<CodeHost, { readonly headers: Readonly<Record<string, string>>; readonly busyText?: RegExp }>> = {
  github: { headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }, busyText: /secondary rate limit|abuse detection/i },
  gitlab: { headers: {} },
};

export interface HostOptions {
  readonly deps: SourceDeps;
  readonly signal: AbortSignal;
  readonly bounds: NonNullable<ApiOptions['bounds']>;
}

/** Opens the API of the code host of a repository. The token is read anew, and goes to the API alone. @throws {SourceFailed} */
export async function openHost({ host, url, token }: Repository, rights: string, options: HostOptions): Promise<Api> {
  const { headers, ...more } = HOSTS[host];
  const authorization = token === undefined ? {} : { authorization: `Bearer ${await options.deps.secret(token)}` };
  return openApi({ ...more, ...options, title: HOST_TITLES[host], rights, address: url, headers: { ...headers, ...authorization } });
}
