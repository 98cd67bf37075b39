import type { NeedQuestion } from '#src/model/needs.ts';
import type { Outbox } from '#src/model/outbox.ts';
import { template as reminderTemplate } from '#templates/still-needed-reminder.ts';
import { template as needTemplate } from '#templates/still-needed.ts';

/** Brings every copy of a question to how it stands. Safe to repeat, and an older state never takes the place of a newer one. */
export async function publishNeed(question: NeedQuestion, outbox: Outbox): Promise<void> {
  const { id, called, cluster, rights, rightCount, why, slackId, owners, state, askedAt, answerBy, answer, closedWhy, request, hindrance, reminders, version: revision } = question;
  const data = {
    ...{ id, called, cluster, rights, rightCount, why, state, askedAt, answerBy },
    ...(slackId !== undefined && { slackId }),
    ...(answer && { answer }),
    ...(closedWhy !== undefined && { closedWhy }),
    ...(request !== undefined && { request }),
    ...(hindrance && { hindered: hindrance.why }),
  };
  for (const channel of [...(slackId === undefined ? [] : [slackId]), ...owners]) {
    const message = `need/${id}/${channel}`;
    const reader = channel === slackId ? 'person' : 'owner';
    await outbox.put({ id: message, channel, template: needTemplate, data: { ...data, reader }, revision, urgency: 'decision' });
    if (state === 'open' && reminders > 0) await outbox.put({ id: `${message}/reminder/${reminders}`, channel, thread: message, template: reminderTemplate, data: { cluster, answerBy }, urgency: 'result' });
  }
}
