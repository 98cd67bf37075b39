import type { Actor, ApprovalRequest, JournalEntry } from '#src/model/request.ts';

/** Parts of the bot that do things of their own accord. */
export const CLOCK: Actor = { name: 'clock' };
export const JOB: Actor = { name: 'job' };

/** The journal with one more entry. */
export function noted(request: ApprovalRequest, now: Date, by: Actor, what: JournalEntry['what'], reason?: string): Pick<ApprovalRequest, 'journal'> {
  const { journal, planHash } = request;
  return { journal: [...journal, { at: now.toISOString(), by, what, ...(reason !== undefined && { reason }), planHash }] };
}

/** When something last happened to it. */
export function lastAt({ journal, createdAt }: ApprovalRequest): number {
  return Date.parse(journal.at(-1)?.at ?? createdAt);
}

/** Grows each time that something is to be carried out: by the approval, by each retry, by the taking back. */
export function turnOf(request: ApprovalRequest): number {
  return countOf(request, 'approved', 'retried', 'undo-asked');
}

export function countOf({ journal }: ApprovalRequest, ...whats: readonly JournalEntry['what'][]): number {
  return journal.filter(({ what }) => whats.includes(what)).length;
}
