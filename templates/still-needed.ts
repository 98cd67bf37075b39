import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { footer } from '#src/blocks/phrases.ts';
import { brief, code, counted, md, moment, oneLine, ours, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { HINDRANCE_HELP } from '#src/model/needs.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { NeedShown } from './parts/need.ts';
import { SAMPLE_NEEDS } from './samples/need.ts';

const RIGHTS = 8;

/** The question to an inactive person, and the copy to whoever answers for them; one message each, updated in place. */
export const template = defineTemplate<NeedShown>({
  name: 'still-needed',
  summary: 'Asks somebody who was not seen for long, and their manager, whether they still need their access to a cluster.',
  samples: SAMPLE_NEEDS,
  render: (need) => {
    const { id, called, cluster, rights, rightCount, why, state, askedAt, reader } = need;
    const shown = rights.slice(0, RIGHTS);
    const more = rightCount > shown.length ? [line(words(`and ${counted(rightCount - shown.length, 'more place')}`))] : [];
    const isOwn = reader === 'person';
    const head = isOwn ? md`*Do you still need this?* You have access to ${code(cluster)} and have not used it: ${sentence(brief(why))}.` : md`*Does ${sentence(brief(called))} still need this?* They have access to ${code(cluster)} and have not used it: ${sentence(brief(why))}.`;
    const list = [...shown.map((text) => line(words(brief(text)))), ...more];
    const blocks: KnownBlock[] = [section(head), ...(list.length === 0 ? [] : [richText(bullets(list))])];
    if (state === 'open') blocks.push(context(whatFollows(need)), buttons(need));
    else blocks.push(section(resultOf(need)));
    blocks.push(footer('question', id, new Date(askedAt)));
    return message(`${leadText(need)} ${isOwn ? 'Your access' : `Access of ${brief(called)}`} to ${oneLine(cluster)}.`, blocks);
  },
});

function leadText({ state, reader, answer }: NeedShown): string {
  switch (state) {
    case 'open':
      return reader === 'person' ? 'Do you still need this?' : 'Is this still needed?';
    case 'kept':
      return `Kept until ${oneLine(answer?.until ?? '')}:`;
    case 'given-up':
      return 'Not needed any more:';
    case 'unanswered':
      return 'Not answered:';
    case 'closed':
      return 'Closed:';
  }
}

/** Where both are asked, either of them may answer. */
function whatFollows({ answerBy, slackId, reader }: NeedShown): Mrkdwn {
  const until = moment({ at: new Date(answerBy) });
  const copy = reader === 'person' ? md`` : slackId === undefined ? md`The person has no account here, so you are asked. ` : md`${person(slackId)} is asked too; this is your copy. `;
  return md`${copy}Nothing has been changed. Without an answer by ${until}, approvers are asked to take the access away; silence alone takes nothing.`;
}

function buttons({ id, called, cluster, reader }: NeedShown): KnownBlock {
  const what = `access of ${oneLine(called)} to ${oneLine(cluster)}`;
  const confirm = { title: 'Not needed any more?', text: `Approvers are asked to take away the ${what}.`, yes: 'Not needed' };
  const isOwn = reader === 'person';
  return actions(
    button(isOwn ? 'I still need it…' : 'Still needed…', { command: 'keep', args: [id] }, { style: 'primary', label: `Keep the ${what}` }),
    button(isOwn ? 'I no longer need it' : 'No longer needed', { command: 'give-up', args: [id] }, { label: `Give up the ${what}`, confirm }),
  );
}

function resultOf({ state, answer, answerBy, request, hindered, closedWhy }: NeedShown): Mrkdwn {
  const who = answer === undefined ? md`` : md` by ${answer.by.person === undefined ? sentence(oneLine(answer.by.name)) : person(answer.by.person)} ${moment({ at: new Date(answer.at) })}`;
  const asked = request === undefined ? md`Approvers are asked to take it away.` : md`Approvers are asked to take it away: ${code(request)}.`;
  const next = hindered === undefined ? asked : md`*Approvers could not be asked yet to take it away:* ${sentence(brief(hindered))}. ${ours(HINDRANCE_HELP)}`;
  switch (state) {
    case 'open':
      return md``;
    case 'kept':
      return md`*Kept until ${sentence(oneLine(answer?.until ?? ''))}*${who}: “${sentence(brief(answer?.reason ?? ''))}”. After that it is asked again.`;
    case 'given-up':
      return md`*Not needed any more*, answered${who}. ${next}`;
    case 'unanswered':
      return md`*Not answered* by ${moment({ at: new Date(answerBy) })}. ${next} Nothing is taken away before they have decided.`;
    case 'closed':
      return md`*Closed:* ${sentence(brief(closedWhy ?? ''))}. Nothing was changed.`;
  }
}
