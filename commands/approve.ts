import { defineCommand } from '#src/model/command.ts';
import { decide, DECISION_FLAGS, DECISION_FORM } from './support/decide.ts';

/** Approves a request. Its button opens a form that shows exactly what will be done. */
export const command = defineCommand({
  name: 'approve',
  usage: 'approve <request> [--reason TEXT] [--for TIME] [--plan HASH]',
  summary: 'Approve a request.',
  examples: ['approve r7k2m9', 'approve r7k2m9 --reason "left the company on Friday"', 'approve a9c4t2 --for 30m --reason "one fix, no more"'],
  // Who may decide depends on the request, and is asked anew each time.
  access: 'viewer',
  maxWords: 1,
  flags: {
    ...DECISION_FLAGS,
    for: { type: 'string', value: 'TIME', text: 'Approve it for a shorter time than was asked: 30m, 4h.' },
    shorter: { type: 'boolean', text: 'Choose one of the shorter times.' },
  },
  form: DECISION_FORM,
  run: (args, caller, services) => decide('approve', args, caller, services),
});
