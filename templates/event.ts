import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import { actions, bullets, button, context, date, fields, header, line, message, preformatted, richText, section, words } from '#src/blocks/build.ts';
import { placeMarkup, placeText, PROSE, type Place } from '#src/blocks/phrases.ts';
import { brief, code, counted, cut, joined, md, moment, oneLine, ours, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import type { ShownAlarm } from '#src/model/event-intake.ts';
import type { ObjectRef, Severity } from '#src/model/finding.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { accountOf } from '#src/model/principal.ts';
import type { QuestionStanding } from '#src/model/questions.ts';
import { standingLine } from './parts/question.ts';
import { EVENT_SAMPLES } from './samples/event.ts';

/** What somebody did to something on one day, however often; to a pod of a workload counts as to the workload. */
export interface EventMessage {
  readonly cluster: string;
  readonly production: boolean;
  readonly detection: string;
  readonly title: string;
  readonly severity: Severity;
  readonly user?: string;
  /** Slack user id of the person whose user name that is without doubt. */
  readonly person?: string;
  /** Asked to act as `user`. */
  readonly impersonator?: string;
  readonly object?: ObjectRef;
  /** Whose pod `object` is. */
  readonly workload?: ObjectRef;
  /** `object` is the last of them; each alarm names its own. */
  readonly isOfSeveralPods?: true;
  readonly count: number;
  /** The latest few, the last first. */
  readonly alarms: readonly ShownAlarm[];
  /** When the same was seen last before that day; absent for the first time. */
  readonly before?: string;
  /** Since when it does not last any more. */
  readonly over?: string;
  readonly fix: string;
  /** Those who were asked whether it was them. */
  readonly questions?: readonly QuestionStanding[];
  /** User name of whoever acted and cannot be asked, so that it is for the channel to act. */
  readonly freeze?: string;
}

const COMMAND = 600;
const STANDINGS = 5;

/** Something that a person should see at once. */
export const template = defineTemplate<EventMessage>({
  name: 'event',
  summary: 'Something that somebody did in a cluster, such as a command in a pod; one message for each actor, workload (or other object) and day, updated in place with a counter.',
  samples: EVENT_SAMPLES,
  render: (event) => {
    const { cluster, title, severity, count, alarms, detection, fix } = event;
    const place = placeOf(event);
    const times = `${count > 1 ? ` (${count.toLocaleString('en-US')} times)` : ''}${event.over === undefined ? '' : ', over'}`;
    const [last] = alarms;
    const blocks: KnownBlock[] = [header(`${severity.toUpperCase()}: ${title}${times}`), fields(facts(event))];
    if (last?.command !== undefined) blocks.push(richText(preformatted(cut(last.command, COMMAND))));
    if (alarms.length > 0) blocks.push(richText(line(words(count > alarms.length ? `The last ${alarms.length} of ${count.toLocaleString('en-US')}` : 'What happened', { bold: true })), bullets(alarms.map((alarm) => alarmLine(alarm, event)))));
    const standings = (event.questions ?? []).slice(-STANDINGS).map(standingLine);
    if (standings.length > 0) blocks.push(section(joined(standings, '\n')));
    blocks.push(section(md`*What to do*\n${ours(cut(fix, PROSE))}`), context(md`${code(detection)} · ${beforeText(event)}`));
    if (event.freeze !== undefined) blocks.push(actions(freezeButton(event.freeze, event)));
    const who = event.user === undefined ? '' : `${oneLine(event.user)}: `;
    return message(`${severity.toUpperCase()} in ${oneLine(cluster)}: ${who}${title}${place === undefined ? '' : `, ${placeText(place)}`}${times}.`, blocks);
  },
});

/** A ServiceAccount is frozen as a key is, a user by their name. */
function freezeButton(user: string, { cluster, title }: EventMessage): Button {
  const account = accountOf(user);
  const label = `Freeze ${oneLine(user)} in ${oneLine(cluster)}`;
  // The name may look like a flag.
  if (account === undefined) return button('Freeze this user…', { command: 'freeze', args: [`--why=${title}`, '--', user, cluster] }, { style: 'danger', label });
  return button('Freeze this account…', { command: 'revoke', args: ['serviceaccount', `${account.namespace}/${account.name}`, `--cluster=${cluster}`, `--why=${title}`] }, { style: 'danger', label });
}

/** Of several pods, their workload. */
function placeOf({ object, workload, isOfSeveralPods }: EventMessage): Place | undefined {
  if (workload !== undefined && isOfSeveralPods === true) return { object: workload };
  return object === undefined ? undefined : { object, workload };
}

function facts(event: EventMessage): readonly Mrkdwn[] {
  const { cluster, production, user, person: slackId, impersonator, count, alarms: [last], over } = event;
  const place = placeOf(event);
  return [
    ...(user === undefined ? [] : [md`*Who*\n${code(impersonator ?? user)}${impersonator === undefined ? md`` : md` acting as ${code(user)}`}${slackId === undefined ? md`` : md` · ${person(slackId)}`}`]),
    md`*Cluster*\n${code(cluster)}${ours(production ? ' · production' : '')}`,
    ...(place === undefined ? [] : [md`*Where*\n${placeMarkup(place)}`]),
    ...(last?.address === undefined ? [] : [md`*From*\n${code(last.address)}`]),
    ...(last?.outcome === undefined ? [] : [md`*Answer*\n${sentence(oneLine(last.outcome))}`]),
    ...(count > 1 ? [md`*Seen*\n${ours(counted(count, 'time'))}`] : []),
    ...(over === undefined ? [] : [md`*Over since*\n${moment({ at: new Date(over) })}`]),
  ];
}

function alarmLine({ at, message: text, outcome, userAgent, pod }: ShownAlarm, { isOfSeveralPods }: EventMessage): RichTextSection {
  const saysWhich = pod === undefined || isOfSeveralPods !== true || brief(text).includes(oneLine(pod));
  return line(
    ...(at === undefined ? [] : [date(new Date(at)), words(' ')]),
    words(brief(text)),
    ...(saysWhich ? [] : [words(` · pod ${oneLine(pod)}`)]),
    ...(outcome === undefined || outcome === 'allowed' ? [] : [words(` · ${oneLine(outcome)}`, { bold: true })]),
    ...(userAgent === undefined ? [] : [words(` · calls itself ${oneLine(userAgent)}`)]),
  );
}

function beforeText({ before }: EventMessage): Mrkdwn {
  return before === undefined ? md`*first time* that this is seen` : md`seen before, last ${moment({ at: new Date(before) })}`;
}
