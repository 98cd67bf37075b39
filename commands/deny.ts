import { defineCommand } from '#src/model/command.ts';
import { decide, DECISION_FLAGS, DECISION_FORM } from './support/decide.ts';
import { permitRequest } from './support/requests.ts';

/** Denies a request: it ends, and nothing is changed. */
export const command = defineCommand({
  name: 'deny',
  usage: 'deny <request> [REASON…] [--plan HASH]',
  summary: 'Deny a request.',
  examples: ['deny r7k2m9', 'deny r7k2m9 he is on leave, not gone'],
  // Who may decide depends on the request, and is asked anew each time.
  access: 'viewer',
  permit: permitRequest('decide'),
  maxWords: 1,
  rest: 'reason',
  flags: DECISION_FLAGS,
  form: DECISION_FORM,
  run: (args, caller, services) => decide('deny', args, caller, services),
});
