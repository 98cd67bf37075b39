import { defineCommand, UsageError, type Answer, type Arguments } from '#src/model/command.ts';
import type { Caller } from '#src/model/access.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { Services } from '#src/model/services.ts';
import { accessOfSomebody } from './support/access-of.ts';
import { lacksSomething, ownAccess, requestAccess } from './support/access-request.ts';

type Subcommand = (args: Arguments, caller: Caller, services: Services) => Promise<Answer>;

/** By the first word. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { of: accessOfSomebody, request: requestAccess, mine: ownAccess };

/** Everything about access: what somebody has, and asking for more for a time. */
export const command = defineCommand({
  name: 'access',
  usage: 'access request | mine | of <person or user> [cluster]',
  summary: 'Ask for access for a time, or show what somebody may do and why.',
  examples: ['access request', 'access request --cluster prod-eu --namespace shop --role edit --for 1h --reason "stuck migration INC-77"', 'access mine', 'access of bob@corp.example'],
  access: 'viewer',
  maxWords: 3,
  opensModal: true,
  flags: {
    cluster: { type: 'string', value: 'NAME', text: 'Of a request: the cluster.' },
    namespace: { type: 'string', short: 'n', value: 'NAME', text: 'Of a request: the namespace.' },
    role: { type: 'string', value: 'ROLE', text: 'Of a request: one of the roles that can be asked for.' },
    for: { type: 'string', value: 'TIME', text: 'Of a request: how long, 30m or 4h.' },
    reason: { type: 'string', value: 'TEXT', text: 'Of a request: what for, in at least 10 characters.' },
    ticket: { type: 'string', value: 'ID', text: 'Of a request: the ticket that it is about.' },
  },
  form: { isWanted: (args) => args.words[0]?.toLowerCase() === 'request' && lacksSomething(args) },
  async run(args, caller, services) {
    const verbs = Object.keys(SUBCOMMANDS);
    const [verb] = args.words;
    if (verb === undefined) throw new UsageError(`Access: what about it? Say one of: ${verbs.join(', ')}.`);
    const subcommand = Object.hasOwn(SUBCOMMANDS, verb.toLowerCase()) ? SUBCOMMANDS[verb.toLowerCase()] : undefined;
    if (subcommand === undefined) throw new UsageError(`There is no "access ${verb}".${didYouMean(verb, verbs)} Known: ${verbs.join(', ')}.`);
    return subcommand(args, caller, services);
  },
});
