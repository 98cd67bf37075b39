import { detections } from '#src/events/detections/index.gen.ts';
import { createBatchJudge } from '#src/events/judge-batch.ts';
import type { Config } from '#src/config/config.ts';
import { createActivityStore } from '#src/store/activity.ts';
import { createAlarmGroups } from '#src/store/alarm-groups.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import type { Side } from '../side.ts';
import { createTeller } from './tell.ts';
import { startEventWork, type EventWork } from './work.ts';

/** Works through what each cluster of the configuration sends. */
export function startEvents({ redis, services }: Pick<Side, 'redis' | 'services'>, { events, detections: settings, keepMs, people: { access } }: Pick<Config, 'events' | 'detections' | 'keepMs' | 'people'>): EventWork {
  const { clusters, outbox, people, clock, log } = services;
  const inbox = createEventInbox(redis);
  const activity = createActivityStore(redis);
  const groups = createAlarmGroups(redis, keepMs);
  const works = events.flatMap((entry) => {
    const { cluster } = entry;
    const watched = clusters.find(cluster);
    const channel = entry.channel ?? watched?.channel;
    if (watched === undefined || channel === undefined) return [];
    const onFault = (detection: string, error: unknown) => log.error({ cluster, detection, error }, 'a detection failed');
    const tell = createTeller({ settings: entry, production: watched.production, channel, detections, groups, outbox, people, access, clock });
    return [startEventWork({ cluster, inbox, activity, beginJudge: () => createBatchJudge({ cluster, detections, settings, onFault }), tell, clock, log })];
  });
  return {
    async stop() {
      await Promise.all(works.map((work) => work.stop()));
    },
  };
}
