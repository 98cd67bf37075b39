import type { Caller } from '#src/model/access.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { UsageError, type Answer, type Arguments, type Form } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { RulingGiven } from '#src/model/rulings.ts';
import type { Services } from '#src/model/services.ts';
import { settledAnswer } from './decide.ts';
import { answerTo } from './requests.ts';

/** What one kind of ruling needs besides a reason. */
interface RulingAsked {
  readonly type: RulingGiven['type'];
  /** Undefined while it is not said, which a form asks for. */
  readonly says: RulingGiven | undefined;
  /** Flags that are given already and not for the form to change. */
  readonly fixed?: readonly string[];
  readonly titles: Pick<Form, 'title' | 'submit'>;
  /** The form, or the same to read with what to type. */
  readonly render: (form: boolean) => Answer['message'];
}

/** Rules on the access that a request would take away, or asks for what the ruling lacks; the caller has the right to. What a form showed is what it is about. */
export async function ruleOn(request: ApprovalRequest, { options }: Arguments, caller: Caller, services: Services, { type, says, fixed = [], titles, render }: RulingAsked): Promise<Answer> {
  if (request.about === undefined) throw new UsageError(`The request ${request.id} is not about the access of somebody. Approve or deny it.`);
  const { plan } = options;
  const reason = reasonGiven(options.reason);
  if (says !== undefined && reason !== undefined) {
    const outcome = await services.approvals.rule(request.id, { says, reason, ...(plan !== undefined && { planHash: plan }) }, caller);
    return answerTo(outcome, () => takenText(says), services);
  }
  const settled = settledAnswer(request, caller, services);
  if (settled !== undefined) return settled;
  return { message: render(false), form: { ...titles, blocks: render(true).blocks, action: { command: type, args: [request.id, `--plan=${request.planHash}`, ...fixed] } } };
}

function takenText(says: RulingGiven): string {
  if (says.type === 'keep') return 'Kept. Nothing is changed.';
  return `Closed. Nothing is changed, and the ${says.users.length === 1 ? 'name is' : 'names are'} not taken for theirs any more.`;
}

/** @throws {UsageError} */
export function reasonGiven(text: string | undefined): string | undefined {
  const reason = text?.trim();
  const { min, max } = REASON_LENGTH;
  if (reason !== undefined && (reason.length < min || reason.length > max)) throw new UsageError(`Give a reason in ${min} to ${max} characters.`);
  return reason;
}
