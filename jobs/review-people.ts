import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { readAccess } from '#src/people/read-access.ts';
import { evidenceOf, reviewAccess, type AccessReview, type RemovalCandidate } from '#src/people/review.ts';
import { askInactive } from './support/ask-inactive.ts';
import { tellUnknown } from './support/tell-unknown.ts';

const REVIEWER = { name: 'k8ssec' };

/** Asks every system who belongs to the organisation, and for the removal of access of those who do not any more. */
export const job = defineJob({
  name: 'review-people',
  summary: 'Ask the sources of people who belongs, ask approvers to remove the access of those who have left, ask inactive people whether they still need theirs, and tell of users whom nobody knows.',
  payload: z.strictObject({
    /** Of the source that told of a change; absent for all. */
    source: z.string().optional(),
  }),
  attempts: 4,
  backoffMs: 30_000,
  timeoutMs: 15 * 60_000,
  repeat: 'Asking for the removal of somebody whose removal is asked for already joins that request; a question that stands is not asked again; a source that is asked again tells the same.',
  async run({ source }, services, { signal }) {
    const { people, clusters, clock, accessSettings: settings, activity, log } = services;
    if (!people.isConfigured) return;
    for (const { source: name, ok, text } of await people.sync(signal, source === undefined ? undefined : { source })) if (!ok) log.warn({ source: name, reason: text }, 'a source of people could not be used');
    const names = clusters.all().map(({ name }) => name);
    const now = clock.now();
    const { maps, unreached } = await readAccess(clusters, names, now, signal);
    const everybody = await people.all();
    await services.approvalRuns.leave(everybody.filter(({ state }) => state === 'departed').flatMap((person) => (person.slackId === undefined ? [] : [{ person: person.slackId, name: person.name, why: evidenceOf(person) }])));
    const review = await reviewAccess({ people: everybody, maps, settings, activity, now });
    for (const candidate of wholeCandidates(review)) await askForRemoval(candidate, services, signal);
    for (const cluster of review.clusters) {
      await askInactive(cluster, everybody, services);
      await tellUnknown(cluster, services);
    }
    // What could not be looked at is looked at again; what was asked for above is not asked twice.
    if (unreached.length > 0) throw new Error(unreached.join(' '));
  },
});

interface WholeCandidate extends Pick<RemovalCandidate, 'person' | 'reason'> {
  readonly clusters: readonly string[];
}

/** One request for each person, over all clusters. */
function wholeCandidates({ clusters }: AccessReview): readonly WholeCandidate[] {
  const all = clusters.flatMap(({ cluster, proposable }) => proposable.map((candidate) => ({ cluster, candidate })));
  return [...Map.groupBy(all, ({ candidate }) => candidate.person.id).values()].flatMap((found) => {
    const [first] = found;
    return first === undefined ? [] : [{ ...first.candidate, clusters: found.map(({ cluster }) => cluster).sort() }];
  });
}

async function askForRemoval({ person, reason, clusters }: WholeCandidate, { approvals, log }: Services, signal: AbortSignal): Promise<void> {
  try {
    await approvals.ask('remove-user', { person: person.id, clusters, reason }, { requester: REVIEWER }, signal);
  } catch (error) {
    if (!(error instanceof NothingToPropose)) throw error;
    log.info({ clusters, person: person.id, reason: error.message }, 'the removal of somebody could not be proposed');
  }
}
