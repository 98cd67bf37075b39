import { defineCommand, UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { parseTarget, type Repository, type RepositoryTarget } from '#src/model/repositories.ts';
import { template } from '#templates/repository-asked.ts';

/** Scans the manifests, Terraform and settings of a repository now; without one it lists those that are configured. */
export const command = defineCommand({
  name: 'iac',
  usage: 'iac [owner/repo[@ref][:path]]',
  summary: 'Scan the manifests, Terraform and settings of a repository, and post the result here.',
  examples: ['iac', 'iac acme/platform', 'iac acme/platform@v1.4.0', 'iac acme/platform@main:deploy/prod'],
  access: 'operator',
  maxWords: 1,
  flags: {},
  async run({ words: [text] }, { userId, name, channelId }, services) {
    const { repositories } = services;
    if (text === undefined) {
      const list = repositories.all().map((repository) => ({ target: configured(repository), schedule: repository.schedule, timeZone: repository.timeZone }));
      return { message: template.render({ repositories: list }, services) };
    }
    const target = targetOf(text, repositories.all());
    await repositories.start(target, { person: userId, name }, channelId);
    return { message: template.render({ queued: target }, services) };
  },
});

/** What was typed, with ref and folder of the configuration where none was given. @throws {UsageError} */
function targetOf(text: string, all: readonly Repository[]): RepositoryTarget {
  const given = parseTarget(text);
  if (typeof given === 'string') throw new UsageError(given);
  const repository = all.find(({ name }) => name === given.repository) ?? all.find(({ name }) => name.toLowerCase() === given.repository.toLowerCase());
  if (repository === undefined) {
    const names = all.map(({ name }) => name);
    if (names.length === 0) throw new UsageError('No repository is configured. They are listed under `repositories` in the configuration file.');
    throw new UsageError(`The repository "${given.repository}" is not configured.${didYouMean(given.repository, names)} Repositories: ${names.join(', ')}.`);
  }
  return { ...configured(repository), ...given, repository: repository.name };
}

function configured({ name, ref, path }: Repository): RepositoryTarget {
  return { repository: name, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) };
}
