import { randomBytes } from 'node:crypto';
import type { Queue } from '#src/model/job.ts';
import type { PeopleView } from '#src/model/people-view.ts';
import type { SourceDeps } from '#src/model/people.ts';
import type { Repositories, Repository } from '#src/model/repositories.ts';
import { departedAt } from '#src/repositories/departed.ts';
import { downloadRepository } from '#src/repositories/download.ts';
import { readSettings } from '#src/repositories/settings.ts';
import { job as scanRepository } from '#jobs/scan-repository.ts';

export interface RepositoriesDeps {
  readonly repositories: readonly Repository[];
  readonly store: Pick<Repositories, 'state' | 'keep'>;
  readonly queue: Pick<Queue, 'add'>;
  readonly deps: SourceDeps;
  readonly people: PeopleView;
  /** Sources of people, by name and type. */
  readonly sources: readonly { readonly name: string; readonly type: { readonly name: string } }[];
}

/** The repositories of the configuration. */
export function createRepositories({ repositories, store, queue, deps, people, sources }: RepositoriesDeps): Repositories {
  return {
    all: () => repositories,
    find: (name) => repositories.find((repository) => repository.name === name),
    async start(target, asker, channel) {
      const id = randomBytes(5).toString('hex');
      await queue.add({ job: scanRepository, payload: { id, target, asker, channel }, id: `scan-repository-${id}` });
    },
    download: (repository, ref, signal) => downloadRepository(repository, ref, deps, signal),
    async settings(repository, signal) {
      const listing = sources.filter(({ type }) => type.name === repository.host).map(({ name }) => name);
      return readSettings(repository, { deps, signal, departed: departedAt(repository.host, listing, await people.all()) });
    },
    ...store,
  };
}
