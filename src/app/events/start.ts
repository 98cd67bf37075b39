import { detections } from '#src/events/detections/index.gen.ts';
import { createBatchJudge } from '#src/events/judge-batch.ts';
import type { Config } from '#src/config/config.ts';
import { feedsOf } from '#src/model/event-intake.ts';
import type { QueuedJob } from '#src/model/job.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { createAlarmGroups } from '#src/store/alarm-groups.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { createFirstUses } from '#src/store/first-uses.ts';
import { createFeedWatches } from '#src/store/feed-watches.ts';
import type { QuestionStanding } from '#src/model/questions.ts';
import { createSelfTests } from '#src/store/self-tests.ts';
import { createToldEvents } from '#src/store/told-events.ts';
import type { Side } from '../side.ts';
import { job as askConnections } from '#jobs/ask-connections.ts';
import { createAlarmOwners } from './alarm-owners.ts';
import { createAsker } from './ask.ts';
import { createConnectionStage } from './connections.ts';
import { createContainerPods } from './container-pods.ts';
import { CROWDED_WORKLOAD } from './crowded-workload.ts';
import { DENIED_CONTACT } from './denied-contact.ts';
import { startPulls, watchSilences } from './feeds.ts';
import { createFirstUseGate } from './first-uses.ts';
import { createPersonLookup } from './person-lookup.ts';
import type { SaidEvent } from './publish-event.ts';
import { startMarking } from './self-test.ts';
import { createTeller } from './tell.ts';
import type { FeedWatch } from './watch-feeds.ts';
import { startEventWork, type EventWork } from './work.ts';

/** The job leaves out what is younger than ten seconds, so it begins after twice as long. */
const ASK_AFTER_MS = 20_000;

/** Works through what each cluster of the configuration sends. */
export function startEvents({ redis, services, queues }: Pick<Side, 'redis' | 'services' | 'queues'>, { events, detections: settings, keepMs, people: { access }, connections: watchedConnections }: Pick<Config, 'connections' | 'events' | 'detections' | 'keepMs' | 'people'>): EventWork {
  const { clusters, outbox, people, questions, approvals, clock, log } = services;
  const inbox = createEventInbox(redis);
  const activity = createActivityStore(redis);
  const groups = createAlarmGroups(redis, keepMs);
  const watches = createFeedWatches<FeedWatch>(redis);
  const uses = createFirstUses(redis);
  const told = createToldEvents<SaidEvent, QuestionStanding>(redis);
  const selfTests = createSelfTests(redis);
  const personOf = createPersonLookup({ people, access, clock });
  const askFor = (cluster: string) => queues.add(askAbout(cluster, 'soon'));
  const works = events.flatMap((entry) => {
    const { cluster } = entry;
    const watched = clusters.find(cluster);
    const channel = entry.channel ?? watched?.channel;
    if (watched === undefined || channel === undefined) return [];
    const onFault = (detection: string, error: unknown) => log.error({ cluster, detection, error }, 'a detection failed');
    const titles = [...detections, DENIED_CONTACT, CROWDED_WORKLOAD];
    const titleOf = (id: string) => titles.find((detection) => detection.id === id)?.title ?? id;
    const asker = createAsker({ settings: entry, production: watched.production, channel, titleOf, personOf, questions, approvals, outbox });
    const tell = createTeller({ settings: entry, production: watched.production, channel, detections: titles, groups, events: told, outbox, personOf, asker, clock });
    const gate = createFirstUseGate({ cluster, uses, activity, clock });
    const containers = createContainerPods({ cluster, clusters, clock, log });
    const withOwners = createAlarmOwners({ cluster, clusters, clock, log });
    const connections = createConnectionStage({ redis, settings: watchedConnections.find((one) => one.cluster === cluster), clusters, containers, approvals, runs: services.approvalRuns, podLabels: services.connections.podLabels, onNew: askFor, clock, log });
    const watch = watchSilences({ settings: entry, inbox, watches, detections, detectionSettings: settings, onFault, tell, selfTests, services });
    return [watch, startEventWork({ cluster, inbox, activity, beginJudge: () => createBatchJudge({ cluster, detections, settings, onFault }), connections, selfTests, tell: async (alarms) => tell(await gate(await withOwners(await containers.ofAlarms(alarms)))), clock, log })];
  });
  const pullings = startPulls({ events, inbox, services });
  const withAudit = new Set(events.filter((entry) => feedsOf(entry).includes('audit')).map(({ cluster }) => cluster));
  const marked = withAudit.size === 0 ? [] : clusters.all().filter(({ name }) => !withAudit.has(name));
  const markings = marked.map(({ name }) => startMarking({ cluster: name, clusters, tests: selfTests, inbox, clock, log }));
  return {
    async stop() {
      await Promise.all([...pullings, ...markings].map((loop) => loop.stop()));
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}

/** Has new connections of a cluster asked about: once for all that come at the same time, or at once. */
export function askAbout(cluster: string, when: 'soon' | 'now'): QueuedJob<{ cluster: string }> {
  return { job: askConnections, payload: { cluster }, id: `${askConnections.name}-${when}-${encodeURIComponent(cluster)}`, follow: true, ...(when === 'soon' && { delayMs: ASK_AFTER_MS }) };
}
