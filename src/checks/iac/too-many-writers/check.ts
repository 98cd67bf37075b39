import { repositorySettings } from '#src/facts/repository-settings.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { eachRepository, github, gitlab, unseen } from '../repositories.ts';

/** Names that a message holds. */
const NAMED = 5;

/** Reports each repository of infrastructure to which more people may write than have written lately. */
export const check = defineClusterCheck({
  id: 'iac/too-many-writers',
  title: 'Only those who write to a repository of infrastructure may do so',
  severity: 'low',
  tips: [2, 4],
  why: 'Each account that may write is one more whose theft leads into the infrastructure, also when nobody would miss that right.',
  fix: 'Let those read who only read; rights come back with the next task.',
  sources: [
    github('repository roles', 'organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization'),
    gitlab('roles and permissions', 'user/permissions/'),
  ],
  needs: { repositorySettings },
  *judge({ repositorySettings }) {
    yield* eachRepository(repositorySettings, ({ subject, settings }) => {
      const { writers, authors } = settings;
      if (writers === undefined) return [unseen(settings, 'writers')];
      if (authors === undefined) return [unseen(settings, 'authors')];
      const wrote = new Set(authors.logins.map((login) => login.toLowerCase()));
      const people = writers.filter(({ bot }) => bot !== true);
      const idle = people.filter(({ login }) => !wrote.has(login.toLowerCase())).map(({ login }) => login);
      // Some of them may have written under an address that no account has.
      if (idle.length <= authors.unknown) return [];
      const names = `${idle.slice(0, NAMED).join(', ')}${idle.length > NAMED ? ` and ${idle.length - NAMED} more` : ''}`;
      return [{ subject, path: ['writers'], message: `Of ${people.length} who may write, ${idle.length} did not since ${authors.since.slice(0, 10)}: ${names}` }];
    });
  },
});
