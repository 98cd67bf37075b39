import { z } from 'zod';
import { addressShape, secretShape } from '#src/model/api-settings.ts';
import { CODE_HOSTS, isCodePath, isRef, isRepositoryName, type CodeHost, type Repository } from '#src/model/repositories.ts';
import type { ConfigFault } from './faults.ts';
import { isChannel, isSchedule } from './values.ts';

const URLS: Readonly<Record<CodeHost, string>> = { github: 'https://api.github.com', gitlab: 'https://gitlab.com' };

/** A repository whose manifests, Terraform and settings are scanned. */
export const repositoryShape = z.strictObject({
  name: z.string().refine(isRepositoryName, { error: 'is no repository such as owner/name' }),
  host: z.enum(CODE_HOSTS).default('github'),
  /** Of the API; a GitHub Enterprise Server has its own: `https://github.example.com/api/v3`. */
  url: addressShape.optional(),
  token: secretShape.optional(),
  ref: z.string().refine(isRef, { error: 'is no branch, tag or commit' }).optional(),
  path: z.string().refine(isCodePath, { error: 'is no path below the root of the repository' }).optional(),
  channel: z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' }).optional(),
  schedule: z.string().refine(isSchedule, { error: 'is no cron expression of five fields that is ever due, and not `off`' }).optional(),
});

type Given = z.output<typeof repositoryShape>;

/** A schedule of its own is needed: repositories are not scanned along with the clusters. */
export function configuredRepositories(given: readonly Given[], { channel, timeZone }: { readonly channel: string | undefined; readonly timeZone: string }): readonly Repository[] {
  return given.map(({ name, host, url = URLS[host], token, ref, path, ...own }) => ({
    name,
    host,
    url,
    ...(token !== undefined && { token }),
    ...(ref !== undefined && { ref }),
    ...(path !== undefined && { path: path.replace(/\/$/, '') }),
    channel: own.channel ?? channel,
    schedule: own.schedule ?? 'off',
    timeZone,
  }));
}

/** A schedule that has nowhere to post would scan for nobody. */
export function repositoryFaults(given: readonly Given[], channel: string | undefined): readonly ConfigFault[] {
  return given.flatMap((one, index) =>
    (one.schedule ?? 'off') !== 'off' && one.channel === undefined && channel === undefined ? [{ name: `repositories[${index}].channel`, problem: 'is needed where there is a schedule and no channel for all' }] : [],
  );
}
