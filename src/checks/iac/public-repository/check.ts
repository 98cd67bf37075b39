import { repositorySettings } from '#src/facts/repository-settings.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { eachRepository, github, gitlab, unseen } from '../repositories.ts';

/** Reports each repository of infrastructure that everybody can read. */
export const check = defineClusterCheck({
  id: 'iac/public-repository',
  title: 'Repositories of infrastructure are not public',
  severity: 'high',
  tips: [4],
  why: 'The repository tells everybody how the systems are built and which versions run, and one secret that is committed by mistake is public at once.',
  fix: 'Make the repository private, and renew every secret that was ever in it.',
  sources: [
    github('setting repository visibility', 'repositories/managing-your-repositorys-settings-and-features/managing-repository-settings/setting-repository-visibility'),
    gitlab('project visibility', 'user/public_access/'),
  ],
  needs: { repositorySettings },
  *judge({ repositorySettings }) {
    yield* eachRepository(repositorySettings, ({ subject, settings }) => {
      if (settings.visibility === undefined) return [unseen(settings, 'visibility')];
      return settings.visibility === 'public' ? [{ subject, path: ['visibility'], message: 'Everybody can read the repository' }] : [];
    });
  },
});
