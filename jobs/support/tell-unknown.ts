import type { Services } from '#src/model/services.ts';
import { describePath } from '#src/people/access-path.ts';
import type { ClusterReview } from '#src/people/review.ts';
import { unreadBindings } from '#src/people/stays.ts';
import { template, USERS } from '#templates/unknown-users.ts';

/** Tells the channel of a cluster of users who match nobody, each once. What could not be read hides nobody, so those who were told of are kept as they are then. */
export async function tellUnknown(review: ClusterReview, { unknownUsers, clusters, outbox, clock, people, log }: Pick<Services, 'unknownUsers' | 'clusters' | 'outbox' | 'clock' | 'people' | 'log'>): Promise<void> {
  const { cluster, users } = review;
  // While a source of people does not answer whole, somebody it alone knows would match nobody.
  const silent = (await people.health()).filter(({ ok }) => !ok);
  if (silent.length > 0) {
    log.info({ cluster, sources: silent.map(({ source }) => source) }, 'users who match nobody are not told of while a source of people cannot be used');
    return;
  }
  const unknown = users.filter(({ status }) => status === 'unknown');
  const fresh = new Set(await unknownUsers.fresh(cluster, unknown.map(({ user }) => user)));
  const told = unknown.filter(({ user }) => fresh.has(user));
  const channel = clusters.find(cluster)?.channel;
  if (channel === undefined && told.length > 0) {
    log.info({ cluster, users: told.length }, 'users who match nobody are told of nowhere, because the cluster has no channel');
    return;
  }
  if (channel !== undefined && told.length > 0) {
    const lines = told.slice(0, USERS).map(({ user, paths: [worst] }) => (worst === undefined ? user : `${user}: ${describePath(worst)}`));
    // Others who are found later on the same day are another message; the same ones after a crash are not.
    const [first] = told.map(({ user }) => user).sort();
    await outbox.put({ id: `unknown-users/${cluster}/${clock.now().toISOString().slice(0, 10)}/${first}`, channel, template, data: { cluster, users: lines, count: told.length } });
  }
  await unknownUsers.told(cluster, unknown.map(({ user }) => user), unreadBindings(review).length === 0);
}
