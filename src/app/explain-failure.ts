import { ClusterUnreachable } from '#src/model/clusters.ts';
import { LookUpFailed } from '#src/model/directory.ts';

/** Errors of ioredis and BullMQ while Redis is away carry no class of their own. */
const REDIS_AWAY = /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|Connection is closed|Stream isn't writeable|max retries per request|LOADING/i;

/** Redis may still do what it was asked. */
const REDIS_HANGS = /Command timed out/i;

/** Says in a sentence for people why something failed, without a name of a machine; undefined for a fault of the bot itself. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof ClusterUnreachable) return `This could not be done: ${error.message}.`;
  if (error instanceof LookUpFailed) return 'This could not be done: Slack did not answer a question about you or your groups. Try again in a minute.';
  if (error instanceof Error && REDIS_AWAY.test(error.message)) return 'This could not be done: the bot’s memory (Redis) does not answer. Nothing was changed; try again in a minute.';
  if (error instanceof Error && REDIS_HANGS.test(error.message)) return 'The bot’s memory (Redis) did not answer in time, so nobody knows whether this was done. Look with /k8ssec status in a minute.';
  return undefined;
}
