import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { readAccess } from '#src/people/read-access.ts';
import { reviewAccess, type AccessReview, type RemovalCandidate } from '#src/people/review.ts';

const REVIEWER = { name: 'k8ssec' };

/** Asks every system who belongs to the organisation, and for the removal of access of those who do not any more. */
export const job = defineJob({
  name: 'review-people',
  summary: 'Ask the sources of people who belongs, and ask approvers to remove the access of those who have left.',
  payload: z.strictObject({
    /** Of the source that told of a change; absent for all. */
    source: z.string().optional(),
  }),
  attempts: 4,
  backoffMs: 30_000,
  timeoutMs: 15 * 60_000,
  repeat: 'Asking for the removal of somebody whose removal is asked for already joins that request; a source that is asked again tells the same.',
  async run({ source }, services, { signal }) {
    const { people, clusters, clock, accessSettings: settings, activity, log } = services;
    if (!people.isConfigured) return;
    for (const { source: name, ok, text } of await people.sync(signal, source === undefined ? undefined : { source })) if (!ok) log.warn({ source: name, reason: text }, 'a source of people could not be used');
    const names = clusters.all().map(({ name }) => name);
    const now = clock.now();
    const { maps, unreached } = await readAccess(clusters, names, now, signal);
    const review = await reviewAccess({ people: await people.all(), maps, settings, activity, now });
    for (const candidate of wholeCandidates(review)) await askForRemoval(candidate, services, signal);
    // What could not be looked at is looked at again; what was asked for above is not asked twice.
    if (unreached.length > 0) throw new Error(unreached.join(' '));
  },
});

interface WholeCandidate extends RemovalCandidate {
  readonly clusters: readonly string[];
}

/** One request for each person, over all clusters. Inactive people are asked themselves first. */
function wholeCandidates({ clusters }: AccessReview): readonly WholeCandidate[] {
  const all = clusters.flatMap(({ cluster, proposable }) => proposable.filter(({ reason }) => reason !== 'inactive').map((candidate) => ({ cluster, candidate })));
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
