import type { RequestListener } from 'node:http';
import { createEventDoor, EVENTS_PATH, type Sender } from '#src/http/event-door.ts';
import type { Clock } from '#src/model/clock.ts';
import { FEEDS, type EventInbox, type EventSettings } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';
import { readProof } from './proofs.ts';

export interface DoorNeeds {
  readonly events: readonly EventSettings[];
  /** Over a connection that fails at once while Redis is away: then the sender keeps what it has. */
  readonly inbox: Pick<EventInbox, 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the clusters of the configuration send; undefined when none does. What they have to show is read at each request, so that something new holds without a restart. */
export function eventDoor({ events, inbox, clock, log }: DoorNeeds): { readonly prefix: string; readonly listener: RequestListener } | undefined {
  if (events.length === 0) return undefined;
  const listener = createEventDoor({
    senders: events.flatMap(sendersOf),
    keep: (cluster, feed, text) => inbox.keep(cluster, { feed, text, cameAtMs: clock.now().getTime() }),
    clock,
    log,
  });
  return { prefix: EVENTS_PATH, listener };
}

function sendersOf({ cluster, senders }: EventSettings): readonly Sender[] {
  return FEEDS.flatMap((feed) => {
    const settings = senders[feed];
    return settings === undefined ? [] : [{ cluster, feed, proof: () => readProof(settings) }];
  });
}
