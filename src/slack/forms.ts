import type { ViewSubmitAction } from '@slack/bolt';
import { message as plain, section } from '#src/blocks/build.ts';
import { isObject } from '#src/blocks/rules.ts';
import { counted, ours } from '#src/blocks/text.ts';
import type { Caller } from '#src/model/access.ts';
import { findCommand, type Answer, type Choice, type Command, type Entered } from '#src/model/command.ts';
import { textAt } from '#src/model/raw.ts';
import type { ListenerDeps } from './answers.ts';
import { fillModal } from './modals.ts';
import { memoryOf } from './views.ts';

/** What Slack tells of a modal with fields. */
export interface SubmittedView {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly blocks: readonly unknown[];
  readonly state: { readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

const FORGOTTEN = 'This form is too old: nothing was done. Open it anew.';

/** What stands in the fields now. `only` and `only:2` are parts of one field. */
export function enteredIn({ state }: Pick<SubmittedView, 'state'>): Entered {
  const entered: Record<string, string> = {};
  for (const [block, elements] of Object.entries(state.values)) {
    const [field = block] = block.split(':');
    const value = Object.values(elements).map(valueOf).join(',').trim();
    if (value !== '') entered[field] = entered[field] === undefined ? value : `${entered[field]},${value}`;
  }
  return entered;
}

/** Of the elements that forms here have. */
function valueOf(element: unknown): string {
  const many = isObject(element) && Array.isArray(element.selected_options) ? element.selected_options : [];
  return textAt(element, 'value') ?? textAt(element, 'selected_option', 'value') ?? textAt(element, 'selected_date') ?? many.flatMap((option) => textAt(option, 'value') ?? []).join(',');
}

/**
 * What is wrong with what was entered, by field: first what the fields themselves demand, since Slack's own clients count blanks
 * as characters, then what the command says. Waits for nothing, because it comes with the acknowledgement.
 */
export function faultsOf(view: SubmittedView, commands: readonly Command[]): Readonly<Record<string, string>> {
  const entered = enteredIn(view);
  const { exact = {} } = memoryOf(view);
  const own = Object.fromEntries(view.blocks.flatMap((block) => fieldFaults(block, entered, exact)));
  const fields = new Set(view.blocks.map((block) => textAt(block, 'block_id')));
  const more = findCommand(commands, view.callback_id)?.form?.check?.(entered) ?? {};
  // With the name of anything but a field Slack shows no fault at all.
  return { ...Object.fromEntries(Object.entries(more).filter(([field]) => fields.has(field))), ...own };
}

function fieldFaults(block: unknown, entered: Entered, exact: Entered): readonly (readonly [field: string, fault: string])[] {
  const field = textAt(block, 'block_id');
  if (field === undefined || textAt(block, 'type') !== 'input' || !isObject(block)) return [];
  const value = entered[field];
  if (value === undefined) return block.optional === true ? [] : [[field, 'Something has to stand here.']];
  if ((exact[field] ?? value) !== value) return [[field, 'This is something else. It has to stand here exactly as it is shown above.']];
  const { min_length: min, max_length: max } = isObject(block.element) ? block.element : {};
  if (typeof min === 'number' && value.length < min) return [[field, `At least ${counted(min, 'character')}.`]];
  return typeof max === 'number' && value.length > max ? [[field, `At most ${counted(max, 'character')}.`]] : [];
}

/** Runs what the form was for and shows the answer where the form stood. */
export async function handleSubmission({ view, user, team }: ViewSubmitAction, deps: ListenerDeps): Promise<void> {
  const { channelId, token } = memoryOf(view);
  // A form that was opened without a channel, as from a shortcut, is answered to the person.
  const caller: Caller = { userId: user.id, name: user.name, teamId: team?.id ?? '', channelId: channelId || user.id, via: 'button' };
  const run = () => submitted(token ?? '', view, caller, deps);
  await fillModal({ id: `submission/${view.id}/${view.hash}`, viewId: view.id, responseUrl: undefined, caller, run }, deps);
}

async function submitted(token: string, view: SubmittedView, caller: Caller, { buttons, dispatch }: ListenerDeps): Promise<Answer> {
  const stored = await buttons.resolve(token);
  if (stored?.action.command !== view.callback_id) return { message: plain(FORGOTTEN, [section(ours(FORGOTTEN))]) };
  const { command, args } = stored.action;
  // What the action says itself is not for whoever submits to change.
  const fixed = new Set(args.flatMap((arg) => /^--([\w-]+)/.exec(arg)?.[1] ?? []));
  const flags = Object.entries(enteredIn(view)).flatMap(([field, value]) => (fixed.has(field) ? [] : [`--${field}=${value}`]));
  // In front, because what follows a lone `--` is no flag.
  return dispatch.press({ command, args: [...flags, ...args] }, caller);
}

const SUGGESTIONS = 100;

/** Those of the command's choices that hold what was typed; none for what has no choices. */
export function suggestionsFor(view: SubmittedView | undefined, field: string, query: string, { dispatch }: Pick<ListenerDeps, 'dispatch'>): readonly Choice[] {
  if (view === undefined) return [];
  const wanted = query.trim().toLowerCase();
  const choices = dispatch.choices(view.callback_id, field, enteredIn(view));
  return choices.filter(({ text, value }) => text.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted)).slice(0, SUGGESTIONS);
}
