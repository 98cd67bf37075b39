import { defineCommand, UsageError } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { template as notTheirs } from '#templates/not-theirs.ts';
import { DECISION_FLAGS } from './support/decide.ts';
import { namedRequest, permitRequest } from './support/requests.ts';
import { ruleOn } from './support/rule.ts';

/** Denies the removal of somebody's access because the user name in the cluster is not theirs, and remembers that. */
export const command = defineCommand({
  name: 'not-theirs',
  usage: 'not-theirs <request> [REASON…] [--only PLACE[,PLACE]] [--plan HASH]',
  summary: 'Close the request to remove somebody’s access because the user name is not theirs, and never take it for theirs again.',
  examples: ['not-theirs r7k2m9', 'not-theirs r7k2m9 --only 2 bob is the build robot of team shop'],
  // Who may decide depends on the request, and is asked anew each time.
  access: 'viewer',
  permit: permitRequest('decide'),
  maxWords: 1,
  rest: 'reason',
  flags: {
    only: { type: 'string', value: 'PLACE', text: 'Which of several user names, by their places in the list: 1,2. Needed where there are several.' },
    ...DECISION_FLAGS,
    reason: { type: 'string', value: 'TEXT', text: 'How you know, and whose it is.' },
  },
  form: { isWanted: ({ words, options }) => words.length > 0 && options.reason === undefined },
  async run(args, caller, services) {
    const request = await namedRequest(args.words[0], services);
    const { only, reason } = args.options;
    const chosen = chosenOf(request, only);
    const users = chosen ?? request.about?.users ?? [];
    return ruleOn(request, args, caller, services, {
      type: 'not-theirs',
      says: chosen && { type: 'not-theirs', users: chosen },
      ...(only !== undefined && { fixed: [`--only=${only}`] }),
      titles: { title: 'Not their account', submit: 'Close request' },
      render: (form) => notTheirs.render({ id: request.id, called: request.about?.called ?? '', users, form, ...(only !== undefined && { only }), ...(reason !== undefined && { reason }) }, services),
    });
  },
});

/** Undefined where it has to be asked which of several. @throws {UsageError} */
function chosenOf({ about }: ApprovalRequest, only: string | undefined): readonly string[] | undefined {
  const users = about?.users ?? [];
  if (only === undefined) return users.length === 1 ? users : undefined;
  const places = only.split(',').map((text) => text.trim()).filter((text) => text !== '');
  const chosen = places.flatMap((text) => users[Number(text) - 1] ?? []);
  if (places.length === 0 || chosen.length < places.length) throw new UsageError(`"${only}" names no place in the list of user names, which has ${users.length}: ${users.join(', ')}.`);
  return [...new Set(chosen)];
}
