import { defineCommand } from '#src/model/command.ts';
import { decide, DECISION_FLAGS, DECISION_FORM } from './support/decide.ts';
import { permitRequest } from './support/requests.ts';

/** Approves a request. Its button opens a form that shows exactly what will be done. */
export const command = defineCommand({
  name: 'approve',
  usage: 'approve <request> [REASON…] [--for TIME] [--only PLACES] [--user NAME] [--plan HASH]',
  summary: 'Approve a request.',
  examples: ['approve r7k2m9', 'approve r7k2m9 left the company on Friday', 'approve a9c4t2 --for 30m one fix, no more', 'approve r7k2m9 --only 1,3 the rest is still needed'],
  // Who may decide depends on the request, and is asked anew each time.
  access: 'viewer',
  permit: permitRequest('decide'),
  maxWords: 1,
  rest: 'reason',
  flags: {
    ...DECISION_FLAGS,
    for: { type: 'string', value: 'TIME', text: 'Approve it for a shorter time than was asked: 30m, 4h.' },
    only: { type: 'string', value: 'PLACES', text: 'Only these of the changes, by their places in the list: 1,3. It is a new plan then, and who approved all of it is asked again.' },
    user: { type: 'string', value: 'NAME', text: 'The user name, where the rights of an administrator are taken away; the request shows it.' },
    shorter: { type: 'boolean', text: 'Choose one of the shorter times.' },
  },
  form: { ...DECISION_FORM, check: ({ only }) => (only === undefined ? { only: 'Tick at least one, or deny the request.' } : {}) },
  run: (args, caller, services) => decide('approve', args, caller, services),
});
