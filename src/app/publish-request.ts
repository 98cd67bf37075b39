import { isOwnedByGroup } from '#src/model/owner.ts';
import type { Outbox } from '#src/model/outbox.ts';
import type { ApprovalRequest, JournalEntry } from '#src/model/request.ts';
import { shownRequest, type RequestShown } from '#src/model/request-shown.ts';
import { template as ownerAnswer } from '#templates/owner-answer.ts';
import { template as ownerAsked } from '#templates/owner-asked.ts';
import { template as requestTemplate } from '#templates/request.ts';
import { template as requestEnding } from '#templates/request-ending.ts';
import { template as requestNote } from '#templates/request-note.ts';
import { template as requestReminder } from '#templates/request-reminder.ts';

/** What the bot does after a decision, step by step. A decision and its end are shown at once, and need Slack's few updates more. */
const STEPS: readonly JournalEntry['what'][] = ['applying', 'changed', 'taken-back'];

/**
 * Brings every copy of a request's message to how it stands: the one in its channel, and the one to whoever asked. Safe to repeat,
 * and an older state never takes the place of a newer one.
 */
export async function publishRequest(request: ApprovalRequest, { outbox }: { readonly outbox: Outbox }): Promise<void> {
  const { id, channel, requester, version: revision } = request;
  const data = shownRequest(request);
  const message = messageId(id);
  const last = request.journal.at(-1)?.what;
  const urgency = last !== undefined && STEPS.includes(last) ? 'progress' : 'decision';
  const fallback = requester.person === undefined ? {} : { fallbackUser: requester.person };
  await outbox.put({ id: message, channel, template: requestTemplate, data, revision, urgency, ...fallback });
  if (requester.person !== undefined) await outbox.put({ id: `${message}/requester`, channel: requester.person, template: requestNote, data, revision, urgency });
  if (requester.person !== undefined && request.warned) await outbox.put({ id: `${message}/ending`, channel: requester.person, template: requestEnding, data, revision, urgency: 'result' });
  if (request.owner !== undefined) await publishOwner(request, data, outbox);
  const isWaiting = request.state === 'pending' || request.state === 'partly-approved';
  if (isWaiting && request.reminders > 0) await outbox.put({ id: `${message}/reminder/${request.reminders}`, channel, thread: message, template: requestReminder, data: reminderOf(data), urgency: 'result' });
}

/** A group has no channel of its own: it is asked in the thread of the request. Whoever pressed is told where the bot may not post. */
async function publishOwner({ id, channel, owner, version: revision }: ApprovalRequest, data: RequestShown, outbox: Outbox): Promise<void> {
  if (owner === undefined) return;
  const thread = messageId(id);
  const place = isOwnedByGroup(owner) ? { channel, thread } : { channel: owner.who };
  const fallback = owner.by.person === undefined ? {} : { fallbackUser: owner.by.person };
  await outbox.put({ id: `${thread}/owner`, ...place, template: ownerAsked, data, revision, urgency: 'decision', ...fallback });
  if (owner.answer !== undefined) await outbox.put({ id: `${thread}/owner/answer`, channel, thread, template: ownerAnswer, data, urgency: 'result' });
}

/** Of the message in the channel, in whose thread all else about the request stands. */
function messageId(requestId: string): string {
  return `request/${requestId}`;
}

function reminderOf({ card, clusters, approvers, expiresAt, escalated }: RequestShown) {
  return { ask: card.ask, clusters, approvers, expiresAt, escalated: escalated === true };
}
