/**
 * Every key, in one place. The hash tag puts all of them into one slot of a Redis Cluster, which scripts over several keys need.
 */
const PREFIX = '{k8ssec}';

/** For BullMQ, which adds its own names behind it. */
export const QUEUE_PREFIX = `${PREFIX}:queue`;

export const keys = {
  /** Hash: `record`, `patch`, `run`, `ended`, `canceledBy`, `canceledAt`. */
  scan: (id: string) => `${PREFIX}:scan:${id}`,
  /** Set of `<user id> <channel id>`. */
  scanAudience: (id: string) => `${PREFIX}:scan:${id}:audience`,
  /** Id of the scan under way. */
  activeScan: (cluster: string) => `${PREFIX}:active-scan:${cluster}`,
  /** JSON of ClusterState. */
  clusterState: (cluster: string) => `${PREFIX}:cluster:${cluster}`,
  /** Hash: target, as people type it → JSON of RepositoryState. */
  repositories: () => `${PREFIX}:repositories`,
  /** Hash: day → JSON of MapSnapshot. */
  maps: (cluster: string) => `${PREFIX}:maps:${cluster}`,
  /** Hash, one per message: see message-rows.ts. */
  message: (id: string) => `${PREFIX}:message:${id}`,
  /** Sorted set of ids of messages that do not stand in Slack yet, in order of asking. */
  channelPosts: (channel: string) => `${PREFIX}:channel-posts:${channel}`,
  /** Sorted set of ids of messages that stand in Slack and have changed, in order of asking. */
  channelChanges: (channel: string) => `${PREFIX}:channel-changes:${channel}`,
  /** Set of channels that have work. */
  busyChannels: () => `${PREFIX}:busy-channels`,
  /** Counter that gives messages their turn. */
  workOrder: () => `${PREFIX}:work-order`,
  /** Sorted set of the times of recent `chat.update` calls. */
  updates: () => `${PREFIX}:updates`,
  /** Sorted set of messages that show progress, by when they last did. */
  liveMessages: () => `${PREFIX}:live-messages`,
  /** Moment in milliseconds before which something must not be called; the name is a channel or a method. */
  pause: (name: string) => `${PREFIX}:pause:${name}`,
  /** Hash of counters about messages: `maybeDouble`, `failed`. */
  messageCounts: () => `${PREFIX}:message-counts`,
  /** What a button does. */
  button: (token: string) => `${PREFIX}:button:${token}`,
  /** Secret from which button tokens are made. */
  buttonSecret: () => `${PREFIX}:button-secret`,
  /** Something that has been seen. */
  seen: (id: string) => `${PREFIX}:seen:${id}`,
  /** Hash: uid of a CertificateSigningRequest → what of it tells whose the certificate is. */
  certificates: (cluster: string) => `${PREFIX}:certificates:${cluster}`,
  /** Hash: schedule → last tick queued, ISO 8601. */
  ticks: () => `${PREFIX}:ticks`,
  /** Hash: digest → when it was posted last, ISO 8601. */
  digests: () => `${PREFIX}:digests`,
  /** Hash: `snapshot`, JSON of PeopleSnapshot, and `askedAt` of it. */
  people: (source: string) => `${PREFIX}:people:${source}`,
  /** Hash: `record`, JSON of ApprovalRequest, its `version`, the id of its last `write`, and `published` and `logged` of it. */
  request: (id: string) => `${PREFIX}:request:${id}`,
  /** Id of the request that a repeat joins; the name is kind and identity. */
  openRequest: (name: string) => `${PREFIX}:open-request:${name}`,
  /** Sorted set of ids of requests by the moment until which they are open. */
  openRequests: () => `${PREFIX}:open-requests`,
  /** Sorted set of ids of requests by the moment at which they are to be looked at. */
  dueRequests: () => `${PREFIX}:due-requests`,
  /** Hash: id of a request → JSON of Ruling. */
  rulings: () => `${PREFIX}:rulings`,
  /** Counter of changes of requests that people may be looking at. */
  requestChanges: () => `${PREFIX}:request-changes`,
  /** Hash: JSON of cluster and id of a person → JSON of NeedQuestion. */
  needs: () => `${PREFIX}:needs`,
  /** Hash: the same → id of its last write. */
  needWrites: () => `${PREFIX}:need-writes`,
  /** Set of user names that matched nobody and were told of. */
  toldUnknown: (cluster: string) => `${PREFIX}:told-unknown:${cluster}`,
  /** Set of ids of entries that the log of decisions has. */
  decisionIds: () => `${PREFIX}:decision-ids`,
  /** Stream of batches of events that are not settled yet: `feed`, `at`, `content`. */
  eventBatches: (cluster: string) => `${PREFIX}:event-batches:${cluster}`,
  /** Bytes that these take. */
  eventBytes: (cluster: string) => `${PREFIX}:event-bytes:${cluster}`,
  /** Stream of those that were settled of late, with the same ids and fields. */
  eventsOfLate: (cluster: string) => `${PREFIX}:events-of-late:${cluster}`,
  /** Bytes that these take. */
  eventsOfLateBytes: (cluster: string) => `${PREFIX}:events-of-late-bytes:${cluster}`,
  /** Who settles them. */
  eventHolder: (cluster: string) => `${PREFIX}:event-holder:${cluster}`,
  /** How far a log was read. The name is cluster and feed. */
  eventCursor: (name: string) => `${PREFIX}:event-cursor:${name}`,
  /** What is wrong with a log that the bot reads by itself. The name is cluster and feed. */
  eventProblem: (name: string) => `${PREFIX}:event-problem:${name}`,
  /** JSON of what is known of the silences of a cluster's feeds. */
  feedWatch: (cluster: string) => `${PREFIX}:feed-watch:${cluster}`,
  /** Hash: `left`, `missing`, `back`, `foreign` and `foreignAt`, see SelfTest. */
  selfTest: (cluster: string) => `${PREFIX}:self-test:${cluster}`,
  /** Name of the cluster in whose audit log the bot left a mark. */
  selfTestMark: (mark: string) => `${PREFIX}:self-test-mark:${mark}`,
  /** Hash: see FeedCounts. The name is cluster and feed. */
  eventCounts: (name: string) => `${PREFIX}:event-counts:${name}`,
  /** Of one group of alarms on one day, which the name says. A hash: `count`, `rank`, `before`, `told`, `untold`, `pod`, `several`. */
  alarmGroup: (name: string) => `${PREFIX}:alarm-group:${name}`,
  /** JSON of AlarmOwner. The name is that of the group which the event itself tells. */
  alarmOwner: (name: string) => `${PREFIX}:alarm-owner:${name}`,
  /** List of JSON of ShownAlarm, the last first. */
  alarms: (name: string) => `${PREFIX}:alarms:${name}`,
  /** Sorted set of fingerprints by time. */
  alarmPrints: (name: string) => `${PREFIX}:alarm-prints:${name}`,
  /** Sorted set of groups of a cluster by when they were seen last. */
  knownAlarms: (cluster: string) => `${PREFIX}:known-alarms:${cluster}`,
  /** Groups of a cluster that were told of for the first time in one minute. */
  toldAlarms: (name: string) => `${PREFIX}:told-alarms:${name}`,
  /** Hash: detection → groups of a cluster that were not told of one by one on one day. */
  untoldAlarms: (name: string) => `${PREFIX}:untold-alarms:${name}`,
  /** Hash: who → when and what they were seen doing last. The name is cluster and which part of ActivityState. */
  lastSeen: (name: string) => `${PREFIX}:last-seen:${name}`,
  /** Bits of the minutes of one day in which events of a cluster came in. */
  watchedMinutes: (name: string) => `${PREFIX}:watched-minutes:${name}`,
  /** Hash: days on which requests came in that only read. */
  watchedReads: (cluster: string) => `${PREFIX}:watched-reads:${cluster}`,
  /** Hash: day → how many of its events got lost. */
  watchedLost: (cluster: string) => `${PREFIX}:watched-lost:${cluster}`,
  /** Hash: hash of something that was done → fingerprint of the event that did it first; empty where it was learned. */
  firstUses: (cluster: string) => `${PREFIX}:first-uses:${cluster}`,
  /** Sorted set of the same by when it was done last. */
  firstUseTimes: (cluster: string) => `${PREFIX}:first-use-times:${cluster}`,
  /** Since when they are learned, in milliseconds. */
  firstUsesSince: (cluster: string) => `${PREFIX}:first-uses-since:${cluster}`,
  /** Hash: `record`, JSON of Question, its `version`, and the id of its last `write`. */
  question: (id: string) => `${PREFIX}:question:${id}`,
  /** Sorted set of ids of questions by the moment at which they are to be looked at. */
  dueQuestions: () => `${PREFIX}:due-questions`,
  /** Id of the question that was asked about a topic lately. */
  askedTopic: (name: string) => `${PREFIX}:asked-topic:${name}`,
  /** How many questions a person was asked lately. */
  askedPerson: (person: string) => `${PREFIX}:asked-person:${person}`,
  /** Deeds of a pattern that were confirmed are not asked about. */
  confirmedPattern: (name: string) => `${PREFIX}:confirmed-pattern:${name}`,
  /** Hash: what the message about an event is made of, see told-events.ts. */
  toldEvent: (id: string) => `${PREFIX}:told-event:${id}`,
  /** Hash: what is known of a connection with the outside, see connections.ts. The name is cluster and id. */
  connection: (name: string) => `${PREFIX}:connection:${name}`,
  /** Sorted set of ids of connections by when they were seen last, in milliseconds. The name is cluster and state. */
  connectionsByTime: (name: string) => `${PREFIX}:connections-by-time:${name}`,
  /** The same of one namespace. The name is cluster, state and namespace. */
  connectionsOfNamespace: (name: string) => `${PREFIX}:connections-of-namespace:${name}`,
  /** Set of ids of connections. The name is cluster and workload. */
  connectionsOfWorkload: (name: string) => `${PREFIX}:connections-of-workload:${name}`,
  /** Set of ids of connections. The name is cluster and remote. */
  connectionsOfRemote: (name: string) => `${PREFIX}:connections-of-remote:${name}`,
  /** Sorted set of ids of connections of a workload that nobody was asked about, by when they were seen first. The name is cluster, state and workload. */
  connectionsToAsk: (name: string) => `${PREFIX}:connections-to-ask:${name}`,
  /** Sorted set of workloads that have such connections, by when the first of them was seen first. The name is cluster and state. */
  workloadsToAsk: (name: string) => `${PREFIX}:workloads-to-ask:${name}`,
  /** Hash: id of a request that waits for a decision → how many connections are pending because of it. */
  requestsOfConnections: (cluster: string) => `${PREFIX}:requests-of-connections:${cluster}`,
  /** Set of ids of connections, as they were kept before they were sorted by time; see `adopt`. The name is cluster and state. */
  connectionsInState: (name: string) => `${PREFIX}:connections-in-state:${name}`,
  /** Hash: cluster → JSON of PolicyLook. */
  policyLooks: () => `${PREFIX}:policy-looks`,
  /** Hash: id → JSON of AllowEntry. */
  allowEntries: () => `${PREFIX}:allow-entries`,
  /** The same of entries that are for labels: earlier versions of the bot would take them for entries without. */
  allowEntriesByLabel: () => `${PREFIX}:allow-entries-by-label`,
  /** Counter of changes of both. */
  allowChanges: () => `${PREFIX}:allow-changes`,
  /** Hash: `last`, when connections of a cluster were seen last, and `observed`, for how long they were watched, in milliseconds. */
  connectionWatch: (cluster: string) => `${PREFIX}:connection-watch:${cluster}`,
  /** Hash: workload → for how long its cluster had been watched when it was seen first, in milliseconds. */
  learnedSince: (cluster: string) => `${PREFIX}:learned-since:${cluster}`,
  /** Hash: `day`, and what could not be told on it → how often. */
  connectionsUntold: (cluster: string) => `${PREFIX}:connections-untold:${cluster}`,
  /** Stream of decisions, each with the hash of the one before. */
  decisions: () => `${PREFIX}:decisions`,
} as const;
