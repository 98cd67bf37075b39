import { z } from 'zod';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { defineJob } from '#src/model/job.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import { NothingToPropose, type Actor } from '#src/model/request.ts';
import { isToBeFiled, outcomeText } from '#src/people/need-steps.ts';

const REVIEWER: Actor = { name: 'k8ssec' };

/** Asks approvers to take away what somebody does not need any more, or was asked about without an answer. */
export const job = defineJob({
  name: 'ask-removal',
  summary: 'Ask for approval to take away access that is not needed any more, or about which a question was not answered.',
  payload: z.strictObject({
    /** Id of a NeedQuestion. */
    question: z.string(),
  }),
  attempts: 4,
  backoffMs: 30_000,
  timeoutMs: 5 * 60_000,
  repeat: 'The question keeps the id of the request; asking again before that joins the same request.',
  async run({ question: id }, { needs, approvals, log }, { signal, last }) {
    const question = await needs.get(id);
    if (question === undefined || !isToBeFiled(question)) return;
    const { person, cluster } = question;
    try {
      const { request } = await approvals.ask('remove-user', { person, clusters: [cluster], reason: isConsent(question) ? 'given-up' : 'inactive', asked: outcomeText(question) }, { requester: requesterOf(question) }, signal);
      await needs.filed(question, request.id);
    } catch (error) {
      if (error instanceof NothingToPropose) return needs.close(question, error.message.replace(/\.$/, ''));
      if (!last || signal.aborted || !(error instanceof ClusterUnreachable)) throw error;
      log.warn({ question: id, cluster, reason: error.message }, 'approvers could not be asked to take access away; it is tried again later');
      await needs.hindered(question, error.message);
    }
  },
  async onGivenUp({ question: id }, { needs }, reason) {
    const question = await needs.get(id);
    if (question !== undefined) await needs.hindered(question, reason);
  },
});

/** The person themselves has given it up, and nobody in their place. */
function isConsent({ state, answer, slackId }: NeedQuestion): boolean {
  return state === 'given-up' && answer?.by.person !== undefined && answer.by.person === slackId;
}

/** Whoever said that it is not needed has asked for it, and so does not decide. */
function requesterOf({ state, answer }: NeedQuestion): Actor {
  return state === 'given-up' && answer !== undefined ? answer.by : REVIEWER;
}
