import { z } from 'zod';
import { ArchiveRefused } from '#src/iac/tar.ts';
import { defineJob, Permanent } from '#src/model/job.ts';
import { SourceFailed } from '#src/model/people.ts';
import { webUrl, type RepositoryResult, type RepositoryTarget } from '#src/model/repositories.ts';
import type { Asker } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { template } from '#templates/repository-scan.ts';
import { judgeArchive } from './support/judge-archive.ts';
import { repositoryResult } from './support/repository-result.ts';

const payload = z.strictObject({
  id: z.string(),
  target: z.strictObject({ repository: z.string(), ref: z.string().optional(), path: z.string().optional() }),
  asker: z.union([z.strictObject({ person: z.string(), name: z.string() }), z.strictObject({ schedule: z.string() })]),
  channel: z.string(),
});

/** Downloads a repository, judges its manifests, Terraform, pipelines and settings, and posts what has changed. Nothing of it is written to a disk. */
export const job = defineJob({
  name: 'scan-repository',
  summary: 'Scan the manifests, Terraform and settings of a repository and post what changed.',
  payload,
  attempts: 3,
  backoffMs: 10_000,
  timeoutMs: 'scan',
  repeat: 'The message is named after the scan and so posted once, and what was found is kept only after that; until then a repeat compares with the same scan before.',
  async run({ id, channel, asker, ...given }, services, { signal, last }) {
    const target = targetOf(given.target);
    try {
      const result = await scanRepository(id, target, services, signal);
      if ('person' in asker || result.isNews) await post({ id, target, asker, channel }, result.result, services);
      await services.repositories.keep(target, result.state);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined || (!last && !isFinal(error))) throw error;
      services.log.warn({ repository: target.repository, reason: failure }, 'a repository could not be scanned');
      await post({ id, target, asker, channel }, { failure }, services);
    }
  },
  async onGivenUp({ id, channel, asker, target }, services, reason) {
    await post({ id, target: targetOf(target), asker, channel }, { failure: reason }, services);
  },
});

async function scanRepository(id: string, target: RepositoryTarget, { repositories, checks, clusters, clock, log }: Services, signal: AbortSignal) {
  const repository = repositories.find(target.repository);
  if (repository === undefined) throw new Permanent('it is not configured any more');
  const startedAt = clock.now();
  const packed = await repositories.download(repository, target.ref, signal);
  const settings = { ...(await repositories.settings(repository, signal)), url: webUrl(repository) };
  const context = { version: NEWEST_KNOWN, settings: clusters.settings, now: startedAt };
  const onFault = (unit: string, error: unknown): void => log.error({ unit, error }, 'a check failed on an object');
  const judged = await judgeArchive(packed, target, { checks, context, settings, signal, onFault });
  if (judged.files === 0) throw new Permanent(judged.unread.length > 0 ? `none of its files could be read: ${judged.unread[0]?.reason ?? ''}` : `there is no YAML, JSON or Terraform file${target.path === undefined ? '' : ` under ${target.path}`}`);
  signal.throwIfAborted();
  const known = await repositories.state(target);
  return repositoryResult(judged, known, { id, repository, target, version: context.version, startedAt, now: clock.now(), knownChecks: new Set(checks.map((check) => check.id)) });
}

/** In words for people; undefined for a fault of the bot itself. */
function failureOf(error: unknown): string | undefined {
  if (error instanceof ArchiveRefused) return `its archive is refused: ${error.message}`;
  return error instanceof SourceFailed || error instanceof Permanent ? error.message : undefined;
}

/** Another attempt would end alike. */
function isFinal(error: unknown): boolean {
  return error instanceof ArchiveRefused || error instanceof Permanent || (error instanceof SourceFailed && (error.fault === 'refused' || error.fault === 'forbidden'));
}

interface Told {
  readonly id: string;
  readonly target: RepositoryTarget;
  readonly asker: Asker;
  readonly channel: string;
}

async function post({ id, target, asker, channel }: Told, result: RepositoryResult | { readonly failure: string }, { outbox, clock }: Services): Promise<void> {
  const fallback = 'person' in asker ? { fallbackUser: asker.person } : {};
  await outbox.put({ id: `repository-scan/${id}`, channel, ...fallback, template, data: { id, target, asker, at: clock.now().toISOString(), result } });
}

function targetOf({ repository, ref, path }: z.output<typeof payload>['target']): RepositoryTarget {
  return { repository, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) };
}
