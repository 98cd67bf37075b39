import type { AuditEvent } from './audit-event.ts';
import type { CheckItem, Source, Undecided } from './check.ts';
import type { FalcoAlert } from './falco-alert.ts';
import type { FeedState } from './feed-state.ts';
import type { ObjectRef, Severity } from './finding.ts';
import type { Flow } from './flow.ts';

/** What the events of each source are. */
export interface EventOf {
  readonly audit: AuditEvent;
  readonly falco: FalcoAlert;
  readonly hubble: Flow;
  readonly feed: FeedState;
}

/** What writes logs. */
export const LOG_SOURCES = ['audit', 'falco', 'hubble'] as const;
export type LogSource = (typeof LOG_SOURCES)[number];

/** The last one is the bot itself: how its feeds are. */
export const EVENT_SOURCES = [...LOG_SOURCES, 'feed'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

/** What a site tells the detections about itself. Users are Kubernetes user names; `*` at the end stands for all that begin so. */
export interface DetectionSettings {
  /** May act as others. */
  readonly impersonators: readonly string[];
  /** May list Secrets of every namespace. */
  readonly secretReaders: readonly string[];
  /** May use the API of the kubelet by way of `nodes/proxy`, such as monitoring. */
  readonly nodeProxyUsers: readonly string[];
  /** `namespace/` and the beginning of names of pods that may ask their cloud who they are. */
  readonly metadataReaders: readonly string[];
  /** CIDRs that are the site's own although they are public: offices, and nodes with a public address. */
  readonly ownRanges: readonly string[];
  /** Alerts of Falco below this priority are left out. */
  readonly falcoPriority: FalcoAlert['priority'];
  readonly thresholds: DetectionThresholds;
}

/** More than so many, within the window of the detection, are a burst. */
export interface DetectionThresholds {
  /** Distinct Secrets or namespaces of one user. */
  readonly secretsRead: number;
  /** Refused reads of Secrets of one user. */
  readonly secretsRefused: number;
  /** Refused requests of one user or address. */
  readonly requestsRefused: number;
  /** Throttled requests of one user. */
  readonly requestsThrottled: number;
  /** Distinct ports and addresses that one workload tries in vain. */
  readonly portsTried: number;
  /** Connections of one workload that policies drop. */
  readonly connectionsDropped: number;
  /** Distinct names below one domain that one workload asks for. */
  readonly namesAsked: number;
  /** How many times as much as on every earlier day one workload exchanges with one class of remotes. */
  readonly volumeFactor: number;
}

export const NO_DETECTION_SETTINGS: DetectionSettings = {
  impersonators: [],
  secretReaders: [],
  nodeProxyUsers: [],
  metadataReaders: [],
  ownRanges: [],
  falcoPriority: 'warning',
  thresholds: { secretsRead: 10, secretsRefused: 5, requestsRefused: 100, requestsThrottled: 100, portsTried: 30, connectionsDropped: 100, namesAsked: 100, volumeFactor: 5 },
};

/** What every detection says about itself. Docs pages and `k8ssec checks` are made from it. */
export interface DetectionMeta {
  /** `<area>/<slug>`, the path of its folder. The slug names what happened. */
  readonly id: string;
  /** States what happened. */
  readonly title: string;
  readonly severity: Severity;
  /** Tips of the article it serves, from 1. */
  readonly tips: readonly number[];
  /** What it may mean: one or two sentences. */
  readonly why: string;
  /** What to do then, ending with a full stop. */
  readonly fix: string;
  readonly sources: readonly Source[];
  /** Present when each alarm names the row it is about. */
  readonly items?: Readonly<Record<string, CheckItem>>;
  /** Ids it had before; they still work in configuration. */
  readonly aliases?: readonly string[];
  /** Why recorded events do not do: one sentence without a full stop. Its alarms are told only as events come in. */
  readonly onlyLive?: string;
}

export interface DetectionContext {
  readonly settings: DetectionSettings;
}

/** What a detection says of one event, or of the last of several. */
export interface Alarm {
  readonly item?: string;
  /** Where it differs from the item's or the detection's. */
  readonly severity?: Severity;
  /** Where it is not the object of the event; null where it is about none. */
  readonly object?: ObjectRef | null;
  /** One sentence without a full stop. Never holds the value of a secret. */
  readonly message: string;
  /** What was run, word by word. */
  readonly command?: readonly string[];
  /** Where it differs from detection, item, actor and object: what else tells repeats from something new. */
  readonly group?: readonly string[];
}

export type Verdicts = Iterable<Alarm | Undecided, void, void>;

/** What may make a request of interest whatever it is about. Of addresses, one that is public is enough. */
export type AuditSign = 'refused' | 'throttled' | 'impersonated' | 'anonymous' | 'from-public-address';

/** Which audit events a detection is shown. All absent: every one. */
export interface AuditFilter {
  /** As RBAC names them, such as `pods/exec`. */
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
  /** Only those that show one of these. */
  readonly when?: readonly AuditSign[];
}

/** How a detection judges the events of each source it reads. A judge of one event holds nothing; of several, all in `state`. */
export interface Judges<State> {
  readonly audit?: AuditFilter & { readonly judge: (event: AuditEvent, context: DetectionContext, state: State) => Verdicts };
  readonly falco?: { readonly judge: (event: FalcoAlert, context: DetectionContext, state: State) => Verdicts };
  readonly hubble?: { readonly judge: (event: Flow, context: DetectionContext, state: State) => Verdicts };
  readonly feed?: { readonly judge: (event: FeedState, context: DetectionContext, state: State) => Verdicts };
}

export interface Detection extends DetectionMeta {
  /** What it holds in memory, in words; absent when it judges each event by itself. */
  readonly keeps?: string;
  readonly reads: readonly EventSource[];
  readonly audit?: AuditFilter;
  /** Begins anew, with nothing seen yet. */
  readonly begin: () => BegunJudges;
}

/** Judges with their state inside. */
export type BegunJudges = { readonly [S in EventSource]?: (event: EventOf[S], context: DetectionContext) => Verdicts };

/** A detection that judges each event by itself. */
export function defineDetection(detection: DetectionMeta & Judges<undefined>): Detection {
  return withState(detection, detection, () => undefined);
}

/** A detection over several events. `start` makes its memory, which must stay small however many events go by. */
export function defineStatefulDetection<State>(detection: DetectionMeta & Judges<State> & { readonly keeps: string; readonly start: () => State }): Detection {
  return { ...withState(detection, detection, detection.start), keeps: detection.keeps };
}

function withState<State>(meta: DetectionMeta, { audit, falco, hubble, feed }: Judges<State>, start: () => State): Detection {
  const { id, title, severity, tips, why, fix, sources, items, aliases, onlyLive } = meta;
  return {
    ...{ id, title, severity, tips, why, fix, sources },
    ...(items !== undefined && { items }),
    ...(aliases !== undefined && { aliases }),
    ...(onlyLive !== undefined && { onlyLive }),
    ...(audit !== undefined && { audit: { ...(audit.resources && { resources: audit.resources }), ...(audit.verbs && { verbs: audit.verbs }), ...(audit.when && { when: audit.when }) } }),
    reads: EVENT_SOURCES.filter((source) => ({ audit, falco, hubble, feed })[source] !== undefined),
    begin() {
      const state = start();
      return {
        ...(audit && { audit: (event: AuditEvent, context: DetectionContext) => audit.judge(event, context, state) }),
        ...(falco && { falco: (event: FalcoAlert, context: DetectionContext) => falco.judge(event, context, state) }),
        ...(hubble && { hubble: (event: Flow, context: DetectionContext) => hubble.judge(event, context, state) }),
        ...(feed && { feed: (event: FeedState, context: DetectionContext) => feed.judge(event, context, state) }),
      };
    },
  };
}

/** Whether a user is among those that a site has named. */
export function isNamed(user: string, named: readonly string[]): boolean {
  return named.some((own) => (own.endsWith('*') ? user.startsWith(own.slice(0, -1)) : user === own));
}

/** Whether one of those that a site has named made a request. Somebody who only acted as one did not. */
export function isNamedActor({ user, impersonator }: AuditEvent, named: readonly string[]): boolean {
  return isNamed(user.name, named) && (impersonator === undefined || isNamed(impersonator.name, named));
}
