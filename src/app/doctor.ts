import type { Config } from '#src/config/config.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Log } from '#src/model/log.ts';
import { examineApprovals } from './doctor/approvals.ts';
import { examineClusters } from './doctor/clusters.ts';
import { examineEvents } from './doctor/events.ts';
import { examinePeople } from './doctor/people.ts';
import { examineRedis } from './doctor/redis.ts';
import { examineSlack } from './doctor/slack.ts';
import type { Verdict } from './doctor/verdict.ts';

export type { Verdict } from './doctor/verdict.ts';

/** Looks at everything that a configuration names; yields a verdict for each thing as soon as it is known. */
export async function* examine(config: Config, clock: Clock, log: Log): AsyncGenerator<Verdict> {
  yield* examineRedis(config.redisUrl);
  const slack = yield* examineSlack(config, log);
  yield* examinePeople(config, clock, slack);
  // Whom the ids stand for only Slack can tell.
  if (slack !== undefined) yield* examineApprovals(config, slack.lookUp);
  yield* examineEvents(config);
  yield* examineClusters(config);
}
