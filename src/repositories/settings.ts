import type { SourceDeps } from '#src/model/people.ts';
import type { CodeHost, Repository } from '#src/model/repositories.ts';
import type { RepositorySettings, SettingsPart, Writer } from '#src/model/repository-settings.ts';
import type { ApiOptions } from '#src/people/sources/support/api.ts';
import { githubSettings } from './github.ts';
import { gitlabSettings } from './gitlab.ts';
import { createLook, type Look } from './look.ts';

/** One page of a busy repository is some hundred commits; a look at settings must not take all of an hour's requests. */
const BOUNDS = { maxPages: 100, maxWaitMs: 60_000 };

/** In which somebody who may write has written, or needs not to. */
const WINDOW_MS = 90 * 24 * 60 * 60 * 1000;

/** Logins at the code host of people who have left, in small letters, and what tells it; a text says why that is not known. */
export type Departed = ReadonlyMap<string, string> | string;

export interface SettingsOptions {
  readonly deps: SourceDeps;
  readonly signal: AbortSignal;
  readonly departed: Departed;
  /** Others, for tests. */
  readonly bounds?: ApiOptions['bounds'];
}

/** What one kind of code host tells. */
export type HostSettings = (repository: Repository, look: Look, since: string) => Promise<Omit<RepositorySettings, 'name' | 'host' | 'readAt' | 'unseen'>>;

const SETTINGS: Readonly<Record<CodeHost, HostSettings>> = { github: githubSettings, gitlab: gitlabSettings };
const WITH_TOKEN: readonly SettingsPart[] = ['visibility', 'protection', 'writers', 'authors', 'deployKeys', 'secrets', 'organizationSecrets', 'environmentSecrets'];

/** Reads the settings of a repository from its code host. What the token is not shown is unseen, with the reason and the right that it lacks. */
export async function readSettings(repository: Repository, { deps, signal, departed, bounds }: SettingsOptions): Promise<RepositorySettings> {
  const { name, host } = repository;
  const now = deps.clock.now();
  const known = { name, host, readAt: now.toISOString() };
  if (repository.token === undefined) return { ...known, unseen: Object.fromEntries(WITH_TOKEN.map((part) => [part, 'no token for the repository is configured'])) };
  const look = createLook(repository, { deps, signal, bounds: { ...BOUNDS, ...bounds } });
  const told = await SETTINGS[host](repository, look, new Date(now.getTime() - WINDOW_MS).toISOString());
  if (typeof departed === 'string') look.close('departed', departed);
  return { ...known, ...told, ...(told.writers !== undefined && { writers: told.writers.map((writer) => withDeparture(writer, departed)) }), unseen: look.unseen };
}

function withDeparture(writer: Writer, departed: Departed): Writer {
  const left = typeof departed === 'string' ? undefined : departed.get(writer.login.toLowerCase());
  return left === undefined ? writer : { ...writer, left };
}
