import { repositorySettings, type RepositoryFacts } from '#src/facts/repository-settings.ts';
import { defineClusterCheck, type CheckContext, type ClusterProblem, type NotEvaluated } from '#src/model/check.ts';
import type { DeployKey } from '#src/model/repository-settings.ts';
import { belonging, daysSince, eachRepository, github, gitlab, OLD_DAYS, unseen, UNUSED_DAYS } from '../repositories.ts';

/** Reports deploy keys that may write, are old, or are not used. */
export const check = defineClusterCheck({
  id: 'iac/stale-deploy-key',
  title: 'Deploy keys only read, are renewed, and are used',
  severity: 'high',
  tips: [4, 5],
  why: 'A deploy key belongs to no person, has no end, and works for whoever has the file; one that may write changes the infrastructure without a review.',
  fix: 'Remove the key, or put a new one that only reads in its place.',
  sources: [
    github('deploy keys', 'authentication/connecting-to-github-with-ssh/managing-deploy-keys'),
    gitlab('deploy keys', 'user/project/deploy_keys/'),
  ],
  items: {
    write: { title: 'Deploy keys may not write' },
    old: { title: `Deploy keys are renewed within ${OLD_DAYS} days`, severity: 'medium' },
    unused: { title: `Deploy keys that were not used for ${UNUSED_DAYS} days are removed`, severity: 'medium' },
  },
  needs: { repositorySettings },
  *judge({ repositorySettings }, context) {
    yield* eachRepository(repositorySettings, function* keysOf(repository): Iterable<ClusterProblem | NotEvaluated> {
      const { settings } = repository;
      const { deployKeys } = settings;
      if (deployKeys === undefined) {
        yield unseen(settings, 'deployKeys');
        return;
      }
      if (deployKeys.some(({ lastUsedAt }) => lastUsedAt === undefined)) yield unseen(settings, 'lastUse', 'unused');
      for (const [index, key] of deployKeys.entries()) yield* problemsOf(repository, key, index, context);
    });
  },
});

function* problemsOf(repository: RepositoryFacts, key: DeployKey, index: number, context: CheckContext): Iterable<ClusterProblem> {
  const about = { subject: belonging(repository, 'DeployKey', key.title, key.id), path: ['deployKeys', index] };
  const age = daysSince(key.createdAt, repository.settings, context);
  const idle = key.lastUsedAt === 'never' ? age : daysSince(key.lastUsedAt, repository.settings, context);
  if (key.write) yield { ...about, item: 'write', message: 'The deploy key may write' };
  if (age !== undefined && age > OLD_DAYS) yield { ...about, item: 'old', message: `The deploy key is ${age} days old` };
  if (idle !== undefined && idle > UNUSED_DAYS) yield { ...about, item: 'unused', message: key.lastUsedAt === 'never' ? `The deploy key was never used in ${idle} days` : `The deploy key was last used ${idle} days ago` };
}
