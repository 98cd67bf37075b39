import { LIMITS } from '#src/blocks/limits.ts';
import type { Json } from '#src/blocks/rules.ts';
import { nowSeconds, type Backend, type EventContext, type SlackEvent } from '../state/backend.ts';
import type { Channel } from '../state/channels.ts';
import { isHeard } from './event-scopes.ts';
import type { Delivered, Envelope, Transport } from './transport.ts';

/** Everything that was sent to the app, for tests that count deliveries. */
export interface Delivery {
  readonly envelope: Envelope;
  readonly delivered: Delivered;
}

export interface Courier {
  /** Sends a command or interaction, once. */
  readonly send: (envelope: Envelope) => Promise<Delivered>;
  /** Sends an event in the background and again when it is not acknowledged; nothing, if the app is not to hear of it. */
  readonly emit: Backend['emit'];
  /** What has been settled so far, oldest first. */
  readonly history: () => readonly Delivery[];
  /** Deliveries that wait for an acknowledgement now. */
  readonly underWay: () => number;
  readonly stop: () => void;
}

const KEPT = 5000;

export function createCourier(backend: () => Backend, transport: () => Transport): Courier {
  const history: Delivery[] = [];
  const pauses = new Set<() => void>();
  let underWay = 0;
  let stopped = false;

  async function send(envelope: Envelope): Promise<Delivered> {
    underWay += 1;
    const delivered = await transport().send(envelope);
    underWay -= 1;
    history.push({ envelope, delivered });
    if (history.length > KEPT) history.shift();
    backend().changes.tell({ about: 'delivery' });
    return delivered;
  }

  async function deliverEvent(payload: Json): Promise<void> {
    let delivered = await send({ type: 'events_api', payload, acceptsAnswer: false });
    for (const [index, ms] of LIMITS.eventRetryMs.entries()) {
      if (delivered.result === 'acknowledged' || (delivered.result === 'failed' && delivered.noRetry)) return;
      if (ms > 0) await pause(ms);
      if (isStopped()) return;
      delivered = await send({ type: 'events_api', payload, acceptsAnswer: false, retry: { attempt: index + 1, reason: reasonOf(delivered) } });
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = backend().clock.after(ms, () => {
        pauses.delete(end);
        resolve();
      });
      const end = () => {
        cancel();
        resolve();
      };
      pauses.add(end);
    });
  }

  const isStopped = () => stopped;

  return {
    send,
    emit(event: SlackEvent, about: EventContext = {}) {
      const { app } = backend();
      if (stopped || !isHeard(app, event, about) || (!app.installed && event.type !== 'app_uninstalled')) return;
      void deliverEvent(eventPayload(backend(), event, about.channel));
    },
    history: () => [...history],
    underWay: () => underWay,
    stop() {
      stopped = true;
      for (const end of pauses) end();
    },
  };
}

function eventPayload(backend: Backend, event: SlackEvent, channel: Channel | undefined): Json {
  const { app, team } = backend;
  return {
    token: 'sandbox',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: backend.newId('Ev'),
    event_time: nowSeconds(backend),
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: channel !== undefined && channel.sharedWith.length > 0,
    event_context: backend.newId('EC'),
  };
}

function reasonOf(delivered: Delivered): string {
  switch (delivered.result) {
    case 'timed_out':
      return 'timeout';
    case 'unreachable':
      return 'connection_failed';
    case 'failed':
      return 'http_error';
    case 'acknowledged':
      return '';
  }
}
