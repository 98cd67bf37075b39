import type { Outbox } from '#src/model/outbox.ts';
import { standingOf, type Question, type QuestionStanding } from '#src/model/questions.ts';
import type { ToldEvents } from '#src/store/told-events.ts';
import { template as questionAlarm } from '#templates/question-alarm.ts';
import { template as wasThisYou } from '#templates/was-this-you.ts';
import { publishEvent, type SaidEvent } from './events/publish-event.ts';

export interface PublishNeeds {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly events: Pick<ToldEvents<SaidEvent, QuestionStanding>, 'note'>;
}

/** Brings every message about a question to how it stands: the one to the person, the one about the event, and the alarm in the channel. Safe to repeat. */
export async function publishQuestion(question: Question, { outbox, events }: PublishNeeds): Promise<void> {
  const { id, person, channel, event, alarmed, version: revision } = question;
  await outbox.put({ id: `question/${id}`, channel: person, template: wasThisYou, data: question, revision, urgency: 'decision' });
  if (event !== undefined) await publishEvent(event, await events.note(event, id, standingOf(question), revision), outbox);
  if (alarmed) await outbox.put({ id: `question/${id}/alarm`, channel, template: questionAlarm, data: question, revision, urgency: 'decision', ahead: true });
}
