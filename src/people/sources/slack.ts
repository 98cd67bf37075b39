import { z } from 'zod';
import { definePeopleSource, SourceFailed, type Person, type SlackMember } from '#src/model/people.ts';
import { wholeList } from './support/list.ts';

const TITLE = 'Slack';

export const source = definePeopleSource({
  name: 'slack',
  title: TITLE,
  authority: 'chat',
  rights: 'the scopes users:read and users:read.email of the bot',
  notes: [
    'It is read with the token of the bot itself.',
    '`deleted: true` tells a departure. It is a sign and no proof: somebody whom an identity provider or the staff file knows as active has not departed.',
    'Without users:read.email nobody can be recognised in other systems, so the list fails; with `withoutEmails: true` it goes on.',
    'Guests and bots are marked; people of other workspaces in shared channels are left out. Slack does not tell whether somebody deactivated was a guest.',
  ],
  settings: z.strictObject({
    /** Go on when Slack does not show e-mail addresses. */
    withoutEmails: z.boolean().default(false),
  }),
  example: {},
  create: ({ withoutEmails }, name, { slackMembers }) => ({
    name,
    type: 'slack',
    authority: 'chat',
    async list(signal) {
      if (slackMembers === undefined) throw new SourceFailed('unreachable', 'this process has no connection to Slack');
      const { members, showsEmails } = await slackMembers.all(signal);
      if (!showsEmails && !withoutEmails) throw new SourceFailed('forbidden', 'Slack shows no e-mail addresses; needed: the scope users:read.email, or withoutEmails: true to go on without');
      return wholeList(TITLE, members.filter(({ stranger }) => !stranger).map(personOf), true);
    },
    async find(id, signal) {
      if (slackMembers === undefined) throw new SourceFailed('unreachable', 'this process has no connection to Slack');
      const member = await slackMembers.one(id, signal);
      return member && personOf(member);
    },
  }),
});

function personOf({ id, name, email, deactivated, bot, guest }: SlackMember): Person {
  return {
    id,
    name,
    emails: email === undefined ? [] : [email],
    logins: [],
    kind: bot ? 'bot' : guest ? 'guest' : 'person',
    state: deactivated ? 'departed' : 'active',
    evidence: `deleted: ${deactivated}`,
  };
}
