import type { Caller } from '#src/model/access.ts';
import { CONNECTION_STATES, type Connection, type ConnectionState } from '#src/model/connection.ts';
import { defineCommand, UsageError, type Answer } from '#src/model/command.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { LINES, template, type ShownConnection } from '#templates/connections.ts';
import { template as notice } from '#templates/notice.ts';
import { namedCluster, permittedCluster, permittedClusters } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';

const BY_URGENCY: readonly ConnectionState[] = ['pending', 'new', 'denied', 'expired', 'learned', 'approved', 'retired'];

/** Shows which workloads connect with the outside, and how far people have decided about it. */
export const command = defineCommand({
  name: 'connections',
  usage: 'connections [cluster] [--state STATE] [-n NAMESPACE]',
  summary: 'Show connections with the outside: undecided, approved, denied, learned.',
  examples: ['connections', 'connections prod-eu --state denied', 'connections prod-eu -n shop'],
  access: 'viewer',
  maxWords: 62,
  flags: {
    state: { type: 'string', value: 'STATE', text: 'Only those that stand so.', choices: CONNECTION_STATES },
    namespace: { type: 'string', short: 'n', value: 'NAMESPACE', text: 'Only of workloads in this namespace.' },
  },
  async run({ words, options }, caller, services) {
    if (words[0] === 'review') return review(words.slice(1), caller, services);
    const [name, more] = words;
    if (more !== undefined) throw new UsageError('One cluster at a time.');
    const watched = new Set(services.connections.all().map(({ cluster }) => cluster));
    const permitted = (await permittedClusters('viewer', caller, services)).filter(({ name: one }) => watched.has(one));
    if (name === undefined && permitted.length === 0 && watched.size > 0) throw new UsageError('There is no cluster with watched connections that you could look at.');
    const clusters = name === undefined ? permitted : [await seenCluster(name, watched, caller, services)];
    const states = options.state === undefined ? CONNECTION_STATES : [stateOf(options.state)];
    const shown = await Promise.all(clusters.map(async ({ name: cluster }) => ({ cluster, ...(await standing(cluster, states, options.namespace, services)) })));
    return { message: template.render({ clusters: shown }, services) };
  },
});

async function seenCluster(name: string, watched: ReadonlySet<string>, caller: Caller, services: Services) {
  const cluster = namedCluster(name, await permittedClusters('viewer', caller, services));
  if (!watched.has(cluster.name)) throw new UsageError(`The connections of ${cluster.name} are not watched: name it under connections in the configuration file, and connect a source of flows.`);
  return cluster;
}

/** @throws {UsageError} */
function stateOf(text: string): ConnectionState {
  const found = CONNECTION_STATES.find((state) => state === text.toLowerCase());
  if (found === undefined) throw new UsageError(`No connection is "${text}". Known: ${CONNECTION_STATES.join(', ')}.`);
  return found;
}

/** What waits for people first, then what they refused, then the rest; the latest before others. As many as are shown. */
async function standing(cluster: string, states: readonly ConnectionState[], namespace: string | undefined, { connections }: Services) {
  const counts = await connections.counts(cluster, namespace);
  const latest: ShownConnection[] = [];
  for (const state of BY_URGENCY) {
    const room = LINES - latest.length;
    if (states.includes(state) && counts[state] > 0 && room > 0) latest.push(...(await connections.latest(cluster, state, room, namespace)).map(shownConnection));
  }
  return { latest, counts: Object.fromEntries(states.map((state) => [state, counts[state]])) };
}

function shownConnection({ key, state, count, outcome, lastSeen, sources, decision, request }: Connection): ShownConnection {
  return { key, state, count, outcome, lastSeen, sources, ...(decision && { decision }), ...(request !== undefined && { request }) };
}

/** One request for each connection instead of one for all of them. */
async function review([clusterName = '', ...ids]: readonly string[], caller: Caller, services: Services): Promise<Answer> {
  // Whether the caller may take the request back is for the request to say.
  const { name: cluster } = await permittedCluster(clusterName, 'viewer', caller, services);
  const found = (await services.connections.get(cluster, ids)).filter(({ state }) => state === 'pending');
  const requests = [...new Set(found.flatMap(({ request }) => request ?? []))];
  for (const request of requests) {
    const outcome = await services.approvals.cancel(request, caller);
    if (outcome.outcome === 'refused') return { title: 'Not done', message: notice.render({ text: outcome.reason }, services) };
  }
  const { channel } = services.connections.settings(cluster) ?? {};
  let asked = 0;
  for (const { id } of found) {
    try {
      await services.approvals.ask('first-connection', { cluster, connections: [id] }, { requester: { name: 'k8ssec' }, ...(channel !== undefined && { channel }) }, readingSignal());
      asked += 1;
    } catch (error) {
      if (!(error instanceof NothingToPropose)) throw error;
      services.log.info({ cluster, reason: error.message }, 'a connection could not be asked about');
    }
  }
  const text = asked === 0 ? 'Nothing of it waits for a decision any more.' : `${asked === 1 ? 'One request' : `${asked} requests`} follow in the channel, one for each connection.`;
  return { title: 'Done', message: notice.render({ text }, services) };
}
