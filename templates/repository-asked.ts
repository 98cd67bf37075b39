import { actions, button, context, message, section } from '#src/blocks/build.ts';
import { code, counted, joined, md, oneLine, ours, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { targetText, type RepositoryTarget } from '#src/model/repositories.ts';

const SHOWN = 20;
const BUTTONS = 5;

export type RepositoryAsked = { readonly queued: RepositoryTarget } | { readonly repositories: readonly { readonly target: RepositoryTarget; readonly schedule: string; readonly timeZone: string }[] };

/** The first answer to a person who asked about repositories. */
export const template = defineTemplate<RepositoryAsked>({
  name: 'repository-asked',
  summary: 'The private answer to whoever asked for a scan of a repository, or which repositories there are.',
  samples: {
    queued: { queued: { repository: 'acme/platform', ref: 'main', path: 'deploy' } },
    list: {
      repositories: [
        { target: { repository: 'acme/platform', path: 'deploy' }, schedule: '0 5 * * *', timeZone: 'Europe/Paris' },
        { target: { repository: 'acme/shop/charts' }, schedule: 'off', timeZone: 'UTC' },
      ],
    },
    none: { repositories: [] },
  },
  render: (data) => {
    if ('queued' in data) {
      return message(`Scan of ${oneLine(targetText(data.queued))} queued.`, [section(md`*Scan of ${code(targetText(data.queued))} queued.* The result is posted here.`)]);
    }
    const { repositories } = data;
    if (repositories.length === 0) return message('No repository is configured.', [section(md`*No repository is configured.* They are listed under ${code('repositories')} in the configuration file.`)]);
    const lines = repositories.slice(0, SHOWN).map(({ target, schedule, timeZone }): Mrkdwn => md`• ${code(targetText(target))} · ${schedule === 'off' ? ours('scanned when asked') : md`${code(schedule)} ${ours(oneLine(timeZone))}`}`);
    const title = counted(repositories.length, 'repository', 'repositories');
    const more = repositories.length - lines.length;
    return message(`${title}: ${repositories.slice(0, SHOWN).map(({ target }) => oneLine(target.repository)).join(', ')}.`, [
      section(md`*${ours(title)}*\n${joined(lines, '\n')}`),
      ...(more > 0 ? [context(md`and ${more} more`)] : []),
      actions(...repositories.slice(0, BUTTONS).map(({ target }) => button(`Scan ${oneLine(target.repository)}`, { command: 'iac', args: [target.repository] }, { label: `Scan ${target.repository}` }))),
    ]);
  },
});
