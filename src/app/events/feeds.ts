import { createAzurePull } from '#src/event-logs/azure.ts';
import { createCloudwatchPull } from '#src/event-logs/cloudwatch.ts';
import { createGooglePull } from '#src/event-logs/google.ts';
import { createRelayPull } from '#src/event-logs/hubble/relay.ts';
import { createKubescapePull } from '#src/event-logs/kubescape.ts';
import { createLokiPull } from '#src/event-logs/loki.ts';
import { createTail } from '#src/event-logs/tail.ts';
import { createDetector } from '#src/events/detect.ts';
import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import type { Detection, DetectionSettings } from '#src/model/detection.ts';
import { FEEDS, type EventInbox, type EventPull, type EventSettings, type PullSettings } from '#src/model/event-intake.ts';
import type { Services } from '#src/model/services.ts';
import type { SourceDeps } from '#src/model/people.ts';
import type { SelfTests } from '#src/model/self-test.ts';
import type { FeedWatches } from '#src/store/feed-watches.ts';
import { sourceDeps } from '../people.ts';
import type { HeldLoop } from './held-loop.ts';
import { startPulling } from './pull.ts';
import { createSelfTester } from './self-test.ts';
import type { Teller } from './tell.ts';
import { startFeedWatch, type FeedWatch } from './watch-feeds.ts';

export interface PullsNeeds {
  readonly events: readonly EventSettings[];
  readonly inbox: EventInbox;
  readonly services: Pick<Services, 'clock' | 'clusters' | 'log'>;
}

/** Reads every log of the configuration that nobody sends. */
export function startPulls({ events, inbox, services: { clock, clusters, log } }: PullsNeeds): readonly HeldLoop[] {
  const deps = sourceDeps(clock, undefined);
  return events.flatMap(({ cluster, pulls }) =>
    FEEDS.flatMap((feed) => {
      const pull = pulls[feed];
      return pull === undefined ? [] : [startPulling({ cluster, feed, source: openPull(pull, { cluster, clusters, deps }), inbox, clock, log })];
    }),
  );
}

interface PullWorld {
  readonly cluster: string;
  readonly clusters: Pick<Clusters, 'open'>;
  readonly deps: SourceDeps;
}

function openPull(settings: PullSettings, { cluster, clusters, deps }: PullWorld): EventPull {
  if ('path' in settings) return createTail(settings);
  if ('loki' in settings) return createLokiPull(settings.loki, deps);
  if ('relay' in settings) return createRelayPull(settings.relay, deps);
  if ('google' in settings) return createGooglePull(settings.google, deps);
  if ('cloudwatch' in settings) return createCloudwatchPull(settings.cloudwatch, process.env, deps);
  if ('azure' in settings) return createAzurePull(settings.azure, deps);
  return createKubescapePull({ cluster, everyMinutes: settings.everyMinutes, open: (signal) => clusters.open(cluster, signal), clock: deps.clock });
}

export interface WatchNeeds {
  readonly settings: EventSettings;
  readonly inbox: EventInbox;
  readonly watches: FeedWatches<FeedWatch>;
  readonly detections: readonly Detection[];
  readonly detectionSettings: DetectionSettings;
  readonly onFault: (detection: string, error: unknown) => void;
  readonly tell: Teller;
  readonly selfTests: SelfTests;
  readonly services: Pick<Services, 'clock' | 'clusters' | 'log'>;
}

/** Watches over the silences of one cluster. */
export function watchSilences({ settings, inbox, watches, detections, detectionSettings, onFault, tell, selfTests, services: { clock, clusters, log } }: WatchNeeds): HeldLoop {
  const { cluster } = settings;
  const detector = createDetector({ detections, context: { settings: detectionSettings }, cluster, onFault });
  return startFeedWatch({ settings, inbox, watches, detector, tell, selfTest: createSelfTester({ cluster, clusters, tests: selfTests, clock, log }), isUp: (signal) => isUp(clusters, cluster, signal), clock, log });
}

async function isUp(clusters: Pick<Clusters, 'open'>, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    (await clusters.open(name, signal)).close();
    return true;
  } catch (error) {
    if (error instanceof ClusterUnreachable) return false;
    throw error;
  }
}
