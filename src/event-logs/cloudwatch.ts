import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { parsed } from '#src/people/sources/support/api.ts';
import { createSender } from '#src/people/sources/support/send.ts';
import type { CloudwatchSettings, EventPull } from '#src/model/event-intake.ts';
import type { SourceDeps } from '#src/model/people.ts';
import { createAwsCredentials, type AwsEnvironment } from './aws-credentials.ts';
import { createWindowsPull } from './windows.ts';

const TITLE = 'Amazon CloudWatch Logs';
const RIGHTS = 'an access key or role that may logs:FilterLogEvents of the log group';
const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' };
/** An answer has a megabyte at most. */
const BOUNDS = { timeoutMs: 30_000, maxBytes: 8 * 2 ** 20, maxPages: 1, maxWaitMs: 5 * 60_000 };

const answerShape = z.object({ events: z.array(z.object({ message: z.string() })).default([]), nextToken: z.string().optional() });

/** Reads a log group of Amazon CloudWatch, such as the control plane log of an EKS cluster. */
export function createCloudwatchPull(settings: CloudwatchSettings, env: AwsEnvironment, deps: SourceDeps): EventPull {
  const { region, group, streams, url } = settings;
  const credentials = createAwsCredentials(settings, env, deps);
  return createWindowsPull({
    clock: deps.clock,
    async page({ fromMs, untilMs }, nextToken, signal) {
      // The end of Amazon's span is in it.
      const body = JSON.stringify({ logGroupName: group, logStreamNamePrefix: streams, startTime: fromMs, endTime: untilMs - 1, ...(nextToken !== undefined && { nextToken }) });
      const datetime = deps.clock.now().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
      const signed = await new AwsV4Signer({ method: 'POST', url: `${url}/`, headers: HEADERS, body, ...(await credentials.keys(signal)), service: 'logs', region, datetime }).sign();
      const send = createSender({ title: TITLE, rights: RIGHTS, deps, signal }, BOUNDS);
      const { body: answer } = await send(signed.url, { method: 'POST', headers: signed.headers, body }).catch((error: unknown) => {
        credentials.forget();
        throw error;
      });
      const { events, nextToken: next } = parsed(TITLE, answer.toString(), answerShape);
      return { lines: events.map(({ message }) => message), next };
    },
  });
}
