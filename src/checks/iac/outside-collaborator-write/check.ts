import { repositorySettings, type RepositoryFacts } from '#src/facts/repository-settings.ts';
import { defineClusterCheck, type ClusterProblem, type NotEvaluated } from '#src/model/check.ts';
import type { Writer } from '#src/model/repository-settings.ts';
import { belonging, eachRepository, github, gitlab, unseen } from '../repositories.ts';

/** Reports everybody who may write to a repository of infrastructure and does not belong to the organisation, or not any more. */
export const check = defineClusterCheck({
  id: 'iac/outside-collaborator-write',
  title: 'Only members of the organisation may write to repositories of infrastructure',
  severity: 'high',
  tips: [2, 4],
  why: 'Who may change the code of infrastructure may change the infrastructure, and an account outside the organisation does not end when its work for it does.',
  fix: 'Remove the account from the repository, or give it a role that only reads.',
  sources: [
    github('outside collaborators', 'organizations/managing-user-access-to-your-organizations-repositories/managing-outside-collaborators'),
    gitlab('members of a project', 'user/project/members/'),
  ],
  items: {
    outside: { title: 'No outside collaborator may write' },
    left: { title: 'Nobody who has left may write' },
  },
  needs: { repositorySettings },
  *judge({ repositorySettings }) {
    yield* eachRepository(repositorySettings, writersFrom);
  },
});

function* writersFrom(repository: RepositoryFacts): Iterable<ClusterProblem | NotEvaluated> {
  const { settings } = repository;
  const { writers, unseen: notSeen } = settings;
  if (writers === undefined) {
    yield unseen(settings, 'writers');
    return;
  }
  if (writers.some(({ outside, left }) => outside === undefined && left === undefined)) yield unseen(settings, 'outside', 'outside');
  if (notSeen.departed !== undefined) yield unseen(settings, 'departed', 'left');
  for (const [index, writer] of writers.entries()) {
    const subject = belonging(repository, 'Collaborator', writer.login);
    if (writer.left !== undefined) yield { subject, item: 'left', path: ['writers', index], message: `Has left the organisation (${writer.left}) and may still write${roleOf(writer)}` };
    else if (writer.outside === true) yield { subject, item: 'outside', path: ['writers', index], message: `Does not belong to the organisation and may write${roleOf(writer)}` };
  }
}

function roleOf({ role }: Writer): string {
  return role === undefined ? '' : ` (${role})`;
}
