import type { Redis } from 'ioredis';
import { actions, button, message, section } from '#src/blocks/build.ts';
import { ours } from '#src/blocks/text.ts';
import type { MessageRow, MessageRows } from '#src/model/message-row.ts';
import { defineTemplate, type Outbox, type OutgoingMessage } from '#src/model/outbox.ts';
import { deliver, type DeliveryDeps } from '#src/outbox/deliver.ts';
import { createOutbox } from '#src/outbox/outbox.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { createPace } from '#src/store/pace.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';
import { createFakeCourier, type FakeCourier } from '#test/fakes/courier.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

interface Note {
  readonly text: string;
  readonly fault?: 'throws' | 'breaks the limits';
  readonly hasButton?: true;
}

/** Says what it is given. */
export const note = defineTemplate<Note>({
  name: 'note',
  summary: 'Says what it is given.',
  samples: {},
  render: ({ text, fault, hasButton }) => {
    if (fault === 'throws') throw new Error('the data is of another version');
    const blocks = [section(ours(text)), ...(hasButton ? [actions(button('Press', { command: 'scan', args: ['prod-eu'] }), button('Press too', { command: 'scan', args: ['dev'] }))] : [])];
    return fault === undefined ? message(text, blocks) : { text, blocks: Array.from({ length: 51 }, () => section(ours(text))) };
  },
});

export interface OutboxUnderTest {
  readonly outbox: Outbox;
  readonly rows: MessageRows;
  readonly clock: MovedClock;
  readonly courier: FakeCourier;
  readonly log: KeptLog;
  readonly deps: DeliveryDeps;
  /** Channels that deliveries were woken for, oldest first. */
  readonly woken: readonly string[];
  readonly put: (id: string, more?: Partial<OutgoingMessage<Note>>) => Promise<void>;
  readonly row: (id: string) => Promise<MessageRow | undefined>;
  /** Delivers to a channel, moving the clock to each next look, until there is nothing left. */
  readonly run: (channel?: string) => Promise<void>;
  /** One look; after how many milliseconds the next one is wanted. */
  readonly look: (channel?: string) => Promise<number | undefined>;
}

const LOOKS = 20_000;

export function anOutbox(redis: Redis): OutboxUnderTest {
  const clock = createMovedClock();
  const courier = createFakeCourier(clock);
  const log = createKeptLog();
  const rows = createMessageRows(redis, 3600_000);
  const woken: string[] = [];
  const wake = (channel: string): Promise<void> => Promise.resolve(void woken.push(channel));
  const issue = (id: string) => (action: { readonly command: string }) => Promise.resolve(`token of ${action.command} on ${id}`);
  const deps: DeliveryDeps = { rows, pace: createPace(redis), courier, clock, log, templates: [note], zone: 'UTC', issue, wake };
  const outbox = createOutbox(rows, wake);
  const look = (channel = 'C1') => deliver(channel, deps, new AbortController().signal);
  return {
    outbox,
    rows,
    clock,
    courier,
    log,
    deps,
    woken,
    put: (id, more = {}) => outbox.put({ id, channel: 'C1', template: note, data: { text: id }, ...more }),
    row: rows.get,
    look,
    async run(channel) {
      for (let looks = 0; looks < LOOKS; looks += 1) {
        const waitMs = await look(channel);
        if (waitMs === undefined) return;
        clock.advance(waitMs);
      }
      throw new Error('there is no end to it');
    },
  };
}
