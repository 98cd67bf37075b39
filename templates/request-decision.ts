import type { KnownBlock } from '@slack/types';
import { bullets, button, context, line, message, richText, section, words, type ButtonAction } from '#src/blocks/build.ts';
import { checkboxesInput, selectInput, textInput } from '#src/blocks/inputs.ts';
import { brief, code, md, oneLine, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { formatDuration } from '#src/model/duration.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { requestText } from './parts/request.ts';
import { row } from './parts/request-buttons.ts';
import { itemList, stayList } from './parts/request-lists.ts';
import { SAMPLE_ACCESS, SAMPLE_REMOVAL } from './samples/request.ts';

export interface RequestDecision {
  /** With all its changes. */
  readonly request: RequestShown;
  readonly verdict: 'approve' | 'deny';
  /** A decision needs a reason. */
  readonly reasonNeeded: boolean;
  /** Asks for how long, of the shorter times. */
  readonly asksHowLong: boolean;
  /** Places of the changes that alone are wanted, from 1; absent for all. */
  readonly only?: readonly number[];
  /** User name that is still to be typed, because it is an administrator's. */
  readonly retype?: string;
  /** Fields to fill in, or a preview for what was typed; with a button when nothing is missing. */
  readonly as: { readonly form: true } | { readonly form: false; /** What decides it, with a place for the reason. */ readonly typed: string; readonly confirm?: ButtonAction };
}

const LINES = 60;
/** Slack's most in one group, and groups of which one still sees what is chosen. */
const CHOICES = 10;
const GROUPS = 5;
/** No name in a cluster is as long in practice. */
const USER_NAME_MAX = 2000;
const WORDS = { approve: 'Approve', deny: 'Deny' } as const;

/** What somebody is about to decide, in the terms of the API server. */
export const template = defineTemplate<RequestDecision>({
  name: 'request-decision',
  summary: 'Shows an approver exactly what would be done, and asks for the reason.',
  samples: {
    approve: { request: SAMPLE_REMOVAL, verdict: 'approve', reasonNeeded: true, asksHowLong: false, as: { form: true } },
    shorter: { request: SAMPLE_ACCESS, verdict: 'approve', reasonNeeded: false, asksHowLong: true, as: { form: true } },
    'approve some': { request: { ...SAMPLE_REMOVAL, narrowable: true }, verdict: 'approve', reasonNeeded: true, asksHowLong: false, as: { form: true } },
    'some typed': { request: { ...SAMPLE_REMOVAL, narrowable: true }, verdict: 'approve', reasonNeeded: true, asksHowLong: false, only: [2], as: { form: false, typed: 'approve r7k2m9 <reason>', confirm: { command: 'approve', args: ['r7k2m9', '--plan=5d41402abc4b', '--only=2', '--reason=left the company'] } } },
    'approve, administrator': { request: SAMPLE_REMOVAL, verdict: 'approve', reasonNeeded: true, asksHowLong: false, retype: 'oidc:bob@corp.example', as: { form: true } },
    'typed, user name missing': { request: SAMPLE_REMOVAL, verdict: 'approve', reasonNeeded: true, asksHowLong: false, retype: 'oidc:bob@corp.example', as: { form: false, typed: 'approve r7k2m9 <reason>' } },
    deny: { request: SAMPLE_REMOVAL, verdict: 'deny', reasonNeeded: true, asksHowLong: false, as: { form: true } },
    'typed, to be confirmed': { request: SAMPLE_REMOVAL, verdict: 'approve', reasonNeeded: true, asksHowLong: false, as: { form: false, typed: 'approve r7k2m9 <reason>', confirm: { command: 'approve', args: ['r7k2m9', '--plan=5d41402abc4b', '--reason=left the company'] } } },
    'typed, reason missing': { request: SAMPLE_REMOVAL, verdict: 'deny', reasonNeeded: true, asksHowLong: false, as: { form: false, typed: 'deny r7k2m9 <reason>' } },
  },
  render: (data) => {
    const { request, verdict, as } = data;
    const blocks: KnownBlock[] = [section(md`*${ours(WORDS[verdict])}?* ${sentence(brief(request.card.ask))}`), ...itemList(request), ...(verdict === 'approve' ? deeds(data) : [])];
    if (verdict === 'approve') blocks.push(...stayList(request), ...administrator(data));
    else blocks.push(context(sentence(brief(request.card.meaning?.denied ?? 'Nothing is changed in a cluster.'))));
    if (as.form) return message(requestText(request), [...blocks, ...inputs(data)]);
    const { confirm, typed } = as;
    if (confirm !== undefined) blocks.push(...row([button(`Confirm: ${WORDS[verdict].toLowerCase()}`, confirm, { style: verdict === 'approve' ? 'primary' : 'danger', label: `${WORDS[verdict]} ${oneLine(request.id)}: ${request.card.ask}` })]));
    else blocks.push(context(howTyped(data, typed)));
    return message(requestText(request), blocks);
  },
});

/** In the way of whoever approves by habit. */
function administrator({ retype }: RequestDecision): readonly KnownBlock[] {
  if (retype === undefined) return [];
  return [richText(line(words('Takes the rights of an administrator away', { bold: true })), line(words('To confirm it, type the user name: '), words(retype, { code: true })))];
}

function howTyped({ reasonNeeded, retype }: RequestDecision, command: string): Mrkdwn {
  const takes = [...(reasonNeeded ? [`a reason of at least ${REASON_LENGTH.min} characters`] : []), ...(retype === undefined ? [] : ['the user name'])];
  const typed = `/k8ssec ${command}${retype === undefined ? '' : ' --user "…"'}`;
  return md`${ours(takes.length === 0 ? 'So it is decided: ' : `It takes ${takes.join(' and ')}: `)}${code(typed)}`;
}

/** Verb and object of each change. */
function deeds({ request: { card, changes, counts, clusters }, only, as }: RequestDecision): readonly KnownBlock[] {
  if (counts.all === 0) return [context(sentence(brief(card.meaning?.approved ?? 'Nothing is changed in a cluster.')))];
  const wanted = as.form || only === undefined ? changes : changes.filter((_, index) => only.includes(index + 1));
  const all = wanted.length < changes.length ? wanted.length : Math.max(counts.all, changes.length);
  const shown = wanted.slice(0, LINES);
  const lines = shown.map(({ cluster, text, deed, irreversible }) =>
    line(
      words(`${clusters.length > 1 ? `${oneLine(cluster)}: ` : ''}${brief(text)}  `),
      words(brief(deed), { code: true }),
      ...(irreversible === undefined ? [] : [words(`  cannot be taken back: ${brief(irreversible)}`, { bold: true })]),
    ),
  );
  const more = all > shown.length ? [line(words(`… ${(all - shown.length).toLocaleString('en-US')} more of the same kinds`))] : [];
  return [richText(line(words(`What is done (${all.toLocaleString('en-US')})`, { bold: true })), bullets([...lines, ...more]))];
}

/** Every change can be left out; where there are too many to choose from, it is all of them or, typed, those that are named. */
function choices({ request: { narrowable, changes, counts, clusters }, verdict, only }: RequestDecision): readonly KnownBlock[] {
  if (narrowable !== true || verdict === 'deny' || changes.length < counts.all || changes.length > CHOICES * GROUPS || changes.length < 2) return [];
  const options = changes.map(({ cluster, text }, index) => ({ value: String(index + 1), text: `${clusters.length > 1 ? `${oneLine(cluster)}: ` : ''}${brief(text)}` }));
  const initial = only?.map(String) ?? options.map(({ value }) => value);
  const groups = Array.from({ length: Math.ceil(options.length / CHOICES) }, (_, index) => options.slice(index * CHOICES, (index + 1) * CHOICES));
  return groups.map((group, index) =>
    checkboxesInput({ field: index === 0 ? 'only' : `only:${index + 1}`, label: index === 0 ? 'Do only what is ticked' : 'More', choices: group, initial, optional: groups.length > 1, ...(index === 0 && { hint: 'Less than all is a new plan: who approved all of it is asked again.' }) }),
  );
}

function inputs(data: RequestDecision): readonly KnownBlock[] {
  const { request, verdict, reasonNeeded, asksHowLong, retype } = data;
  const shorter = request.card.shorter ?? [];
  const reason = textInput({
    field: 'reason',
    label: 'Reason',
    hint: 'Everybody who sees the request reads it, and it is kept in the log of decisions.',
    max: REASON_LENGTH.max,
    lines: 'several',
    ...(reasonNeeded ? { min: REASON_LENGTH.min } : { optional: true }),
  });
  const confirmed = [...(retype === undefined ? [] : [textInput({ field: 'user', label: 'User name', hint: 'Exactly as it is shown above.', max: USER_NAME_MAX })]), reason];
  if (!asksHowLong || verdict === 'deny' || shorter.length === 0) return [...choices(data), ...confirmed];
  const times = shorter.map(({ label, lastsMs }) => ({ value: formatDuration(lastsMs), text: label }));
  return [...choices(data), selectInput({ field: 'for', label: 'For how long', choices: times }), ...confirmed];
}
