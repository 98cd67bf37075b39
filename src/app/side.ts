import type { Redis } from 'ioredis';
import type { Config } from '#src/config/config.ts';
import type { Access } from '#src/model/access.ts';
import type { ApprovalRuns, Approvals } from '#src/model/approvals.ts';
import type { Approvers } from '#src/model/approvers.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { Digest, Digests } from '#src/model/digests.ts';
import type { Log } from '#src/model/log.ts';
import type { SourceDeps } from '#src/model/people.ts';
import type { MessageRows } from '#src/model/message-row.ts';
import type { QuestionStanding } from '#src/model/questions.ts';
import type { Services } from '#src/model/services.ts';
import { makeChange } from '#src/actions/make-change.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { verify } from '#src/actions/verify.ts';
import { createApprovals } from '#src/approvals/approvals.ts';
import { kinds } from '#src/approvals/kinds/index.gen.ts';
import { createQuestions } from '#src/asked/questions.ts';
import { createHasLeft } from '#src/people/has-left.ts';
import { createNeeds } from '#src/people/needs.ts';
import { createOutbox } from '#src/outbox/outbox.ts';
import { createQueues, type Queues } from '#src/queue/queue.ts';
import { createSchedules, type TickSource } from '#src/queue/ticker.ts';
import { missingFeatures } from '#src/slack/manifest.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { createCertificateMemory } from '#src/store/certificates.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { createSelfTests } from '#src/store/self-tests.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { createMapSnapshots } from '#src/store/maps.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { createNeedStore } from '#src/store/needs.ts';
import { createPeopleStore } from '#src/store/people.ts';
import { createPolicyLooks } from '#src/store/policy-looks.ts';
import { createQuestionStore } from '#src/store/questions.ts';
import { createRepositoryStore } from '#src/store/repositories.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { createScanStore } from '#src/store/scans.ts';
import { createTimes } from '#src/store/times.ts';
import { createUnknownUsers } from '#src/store/unknown-users.ts';
import { createToldEvents } from '#src/store/told-events.ts';
import { checks } from '#src/checks/index.gen.ts';
import { commands } from '#commands/index.gen.ts';
import { job as askRemoval } from '#jobs/ask-removal.ts';
import { job as carryOut } from '#jobs/carry-out.ts';
import type { SaidEvent } from './events/publish-event.ts';
import { connectionHealth, createConnections } from './connections.ts';
import { eventHealth } from './events/status.ts';
import { createActivityView } from './events/view.ts';
import { followConnections } from './follow-connections.ts';
import { createHealth } from './health.ts';
import { createMaps } from './maps.ts';
import { namedPeople } from './named-people.ts';
import { createOwnPolicies, policyHealth } from './own-policies.ts';
import { createPeople, sourceDeps } from './people.ts';
import { createPodLabels } from './pod-labels.ts';
import { publishQuestion } from './publish-question.ts';
import { publishNeed } from './publish-need.ts';
import { publishRequest } from './publish-request.ts';
import { createRepositories } from './repositories.ts';
import { createScans } from './scans.ts';

/** What both sides of the process have in common. */
export interface Shared {
  readonly config: Pick<Config, 'connections' | 'events' | 'grants' | 'keepMs' | 'timeZone' | 'approvals' | 'people' | 'repositories'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly clusters: Clusters;
  /** Why groups of ranges of a cluster are older than their files. */
  readonly rangeProblems: (cluster: string) => readonly string[];
  readonly digests: readonly Digest[];
  readonly sources: readonly TickSource[];
  /** Everybody in the workspace, read with the bot's own token. */
  readonly slackMembers: SourceDeps['slackMembers'];
  readonly slackProblem: () => string | undefined;
  /** Name of this bot among others. Rejects while Slack has to say it and does not answer. */
  readonly installation: () => Promise<string>;
  /** What the bot may do in Slack; undefined until that is known. */
  readonly scopes: () => readonly string[] | undefined;
}

/** Who may do what, by the workspace that the bot is in. */
export interface Rights {
  readonly access: Access;
  readonly approversFor: (hasLeft: (slackId: string) => Promise<boolean>) => Approvers;
}

/** The world over one connection to Redis: an impatient one while a person waits, a patient one for jobs. */
export interface Side {
  readonly redis: Redis;
  readonly services: Services;
  readonly rows: MessageRows;
  readonly queues: Queues;
}

export function createSide(redis: Redis, { access, approversFor }: Rights, shared: Shared): Side {
  const { config, clock, log, sources, slackProblem, scopes } = shared;
  const clusters: Clusters = { ...shared.clusters, certificates: createCertificateMemory(redis) };
  const queues = createQueues(redis, QUEUE_PREFIX, log);
  const rows = createMessageRows(redis, config.keepMs);
  const outbox = createOutbox(rows, queues.wake);
  const store = createScanStore(redis, config.keepMs);
  const decisions = createDecisionLog(redis);
  const requests = createRequestStore(redis, config.keepMs);
  const people = createPeople({ config: config.people, store: createPeopleStore(redis), rulings: requests.rulings, clock, slackMembers: shared.slackMembers });
  const activity = createActivityView({ events: config.events, store: createActivityStore(redis), clock, access: config.people.access });
  const inbox = createEventInbox(redis);
  const connectionStore = createConnectionStore(redis);
  const connectionWatch = createConnectionWatch(redis);
  const connections = createConnections(config.connections, connectionStore, connectionWatch, createPodLabels({ clusters, clock, log }));
  const policyLooks = createPolicyLooks(redis);
  const approvals: Approvals & ApprovalRuns = createApprovals({
    store: requests,
    kinds,
    world: { clock, clusters, people, activity, connections, settings: config.people.access, installation: shared.installation },
    settings: config.approvals,
    approvers: approversFor(createHasLeft(people, clock)),
    executor: { makeChange, takeBack, verify, planHash },
    async publish(request) {
      await followConnections(request, { store: connectionStore, settings: connections.settings, queue: queues });
      await publishRequest(request, { outbox });
      if (request.state !== 'applying') await redis.incr(keys.requestChanges());
    },
    decisions,
    queue: queues,
    job: carryOut,
    log,
  });
  const toldEvents = createToldEvents<SaidEvent, QuestionStanding>(redis);
  const needs = createNeeds({
    store: createNeedStore(redis),
    publish: (question) => publishNeed(question, outbox),
    file: ({ id }) => queues.add({ job: askRemoval, payload: { question: id }, id: `${askRemoval.name}-${id}`, forget: true }),
    decisions,
    clock,
    log,
    askDays: config.people.access.inactiveAskDays,
  });
  const services: Services = {
    clock,
    log,
    zone: config.timeZone,
    checks,
    commands,
    access,
    approvals,
    approvalRuns: approvals,
    questions: createQuestions({ store: createQuestionStore(redis), approvals, publish: (question) => publishQuestion(question, { outbox, events: toldEvents }), decisions, clock, log }),
    people,
    needs,
    unknownUsers: createUnknownUsers(redis),
    activity,
    connections,
    ownPolicies: createOwnPolicies({ clusters, connections, requests, looks: policyLooks, installation: shared.installation, decisions, clock, log }),
    accessSettings: config.people.access,
    clusters,
    scans: createScans({ store, queue: queues, outbox, clock, log }),
    scanRuns: store,
    repositories: createRepositories({ repositories: config.repositories, store: createRepositoryStore(redis), queue: queues, deps: sourceDeps(clock, shared.slackMembers), people, sources: config.people.sources }),
    maps: createMaps(createMapSnapshots(redis, config.keepMs), queues),
    digests: createDigests(redis, shared.digests),
    schedules: createSchedules(sources),
    outbox,
    decisions,
    health: createHealth({ queue: queues, rows, people, named: namedPeople(config), events: async () => [...(await eventHealth(config.events, inbox, createSelfTests(redis), clock)), ...(await connectionHealth(config.connections, connectionStore, connectionWatch, clock, shared.rangeProblems)), ...(await policyHealth(config.connections, policyLooks))], approvals, slackProblem, limits: () => limitsOf(scopes()) }),
    attachesFiles: () => scopes()?.includes('files:write') ?? true,
  };
  return { redis, services, rows, queues };
}

function limitsOf(scopes: readonly string[] | undefined): readonly string[] {
  return scopes === undefined ? [] : missingFeatures(scopes);
}

function createDigests(redis: Redis, all: readonly Digest[]): Digests {
  const times = createTimes(redis, 'digests');
  const told = (name: string, cluster: string): string => `${name}/${cluster}`;
  return {
    all: () => all,
    find: (name) => all.find((digest) => digest.name === name),
    lastPosted: times.get,
    lastTold: (name, cluster) => times.get(told(name, cluster)),
    async posted(name, at, scans) {
      await times.raise(name, at);
      for (const [cluster, scannedAt] of Object.entries(scans)) await times.raise(told(name, cluster), scannedAt);
    },
  };
}
