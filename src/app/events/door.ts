import type { RequestListener } from 'node:http';
import { readSecret } from '#src/app/people.ts';
import { createEventDoor, EVENTS_PATH } from '#src/http/event-door.ts';
import type { Clock } from '#src/model/clock.ts';
import type { EventInbox, EventSettings } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';

export interface DoorNeeds {
  readonly events: readonly EventSettings[];
  /** Over a connection that fails at once while Redis is away: then the sender keeps what it has. */
  readonly inbox: Pick<EventInbox, 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the clusters of the configuration send; undefined when none does. Tokens are read at each request, so that a new one holds without a restart. */
export function eventDoor({ events, inbox, clock, log }: DoorNeeds): { readonly prefix: string; readonly listener: RequestListener } | undefined {
  if (events.length === 0) return undefined;
  const listener = createEventDoor({
    token(cluster, feed) {
      const ref = events.find((settings) => settings.cluster === cluster)?.tokens[feed];
      return ref && (() => readSecret(ref));
    },
    keep: (cluster, feed, text) => inbox.keep(cluster, { feed, text, cameAtMs: clock.now().getTime() }),
    clock,
    log,
  });
  return { prefix: EVENTS_PATH, listener };
}
