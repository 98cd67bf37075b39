import type { Outbox } from '#src/model/outbox.ts';
import type { QuestionStanding } from '#src/model/questions.ts';
import type { ToldEvent } from '#src/store/told-events.ts';
import { template as eventTemplate, type EventMessage } from '#templates/event.ts';

/** What happened, and where it is told. */
export interface SaidEvent {
  readonly channel: string;
  readonly event: EventMessage;
}

/** Brings the message about an event to how it stands, with what those said who were asked. Safe to repeat. */
export async function publishEvent(id: string, { said, notes, revision }: ToldEvent<SaidEvent, QuestionStanding>, outbox: Pick<Outbox, 'put'>): Promise<void> {
  if (said === undefined) return;
  const { channel, event } = said;
  await outbox.put({ id, channel, template: eventTemplate, data: { ...event, ...(notes.length > 0 && { questions: notes }) }, revision, ahead: event.severity === 'critical' });
}
