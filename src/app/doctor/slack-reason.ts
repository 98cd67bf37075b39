import { slackFailure } from '#src/slack/failure.ts';

/** Why Slack did not do something, in a few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  try {
    const failure = slackFailure(error);
    return failure.kind === 'refused' ? failure.code : failure.kind === 'unavailable' ? failure.reason : 'Slack did not answer';
  } catch {
    return error.message;
  }
}
