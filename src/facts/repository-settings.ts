import { defineFacts, type Subject } from '#src/model/check.ts';
import { settingsOf, type RepositorySettings } from '#src/model/repository-settings.ts';

export interface RepositoryFacts {
  readonly subject: Subject;
  readonly settings: RepositorySettings;
}

/** What code hosts say of repositories, where that is in the input. */
export const repositorySettings = defineFacts({
  name: 'repository-settings',
  reads: ['RepositorySettings'],
  keeps: 'of each repository the rules of its default branch, who may write and has written, its deploy keys, and the names and dates of the secrets that its pipelines have',
  start: (): RepositoryFacts[] => [],
  add(state, object, subject) {
    state.push({ subject, settings: settingsOf(object) });
  },
});
