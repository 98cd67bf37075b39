import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError } from '#src/model/command.ts';
import { changedSince, marksOf } from '#src/model/plan-differences.ts';
import { NothingToPropose, type ApprovalRequest } from '#src/model/request.ts';
import { template as notice } from '#templates/notice.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { decideAt, DECISION_FLAGS, DECISION_FORM, doorTo } from './support/decide.ts';
import { readingSignal } from './support/people.ts';
import { requireRight } from './support/requests.ts';
import { typedFlags, typedWord } from './support/words.ts';

/** The bot asks in an emergency, so that one approver is enough: whoever opens this decides. */
const BY_BOT = { requester: { name: 'k8ssec' } };

/** Takes the rights of a user at once: shows an approver what would be taken, who decides it there and then. */
export const command = defineCommand({
  name: 'freeze',
  usage: 'freeze <user> [cluster] [--why TEXT] [--reason TEXT] [--plan HASH]',
  summary: 'Take the rights of a user at once, when somebody else may be acting in their name.',
  examples: ['freeze oidc:bob@corp.example prod-eu', 'freeze oidc:bob@corp.example --why "laptop stolen"'],
  access: 'approver',
  maxWords: 2,
  flags: {
    why: { type: 'string', value: 'TEXT', text: 'What has happened.' },
    question: { type: 'string', value: 'ID', text: 'The question to the user that this follows from.' },
    shown: { type: 'string', value: 'MARKS', text: 'Marks of the changes that were shown to you: the form gives them, and what has changed since is told.' },
    ...DECISION_FLAGS,
    plan: { ...DECISION_FLAGS.plan, text: 'The plan that was shown to you; if it has changed, another one is shown first, unless the marks say what has.' },
  },
  form: DECISION_FORM,
  async run(args, caller, services) {
    const { words: [user, named], options } = args;
    if (user === undefined) throw new UsageError('Whom? Give the user name of the cluster.');
    const [only, second] = await permittedClusters('approver', caller, services);
    if (named === undefined && (only === undefined || second !== undefined)) throw new UsageError('In which cluster? Name it after the user.');
    const cluster = named === undefined ? (only?.name ?? '') : (await permittedCluster(named, 'approver', caller, services)).name;
    const question = options.question === undefined ? undefined : await services.questions.get(options.question);
    const about = question?.deed.user === user && question.deed.cluster === cluster ? question : undefined;
    const written = options.why?.slice(0, REASON_LENGTH.max);
    const why = written ?? (about === undefined ? `asked by ${caller.name}` : `${about.deed.title}, and the person has not said that it was them (question ${about.id})`);
    try {
      const [wish, signal] = [{ cluster, user, groups: about?.deed.groups ?? [], why }, readingSignal()];
      const request = await services.approvals.preview('freeze-user', wish, BY_BOT, signal);
      await requireRight('decide', request, caller, services);
      const marks = options.plan === undefined || options.plan === request.planHash ? marksOf(request.plan) : options.shown;
      const since = marks === undefined ? {} : { changedSince: ({ plan }: ApprovalRequest) => changedSince(marks, plan) };
      if (request.version > 0) return await decideAt({ ...doorTo(request, 'approve'), ...since }, 'approve', args, caller, services);
      // Nobody is shown a request that is only being looked at: it is asked by being decided.
      const file = async () => (await services.approvals.ask('freeze-user', wish, BY_BOT, signal)).request;
      const own = { why: written, question: options.question };
      const door = {
        request,
        command: 'freeze',
        typed: ['freeze', ...typedFlags(own).map(typedWord), '--reason "…"', ...(user.startsWith('-') ? ['--'] : []), typedWord(user), cluster].join(' '),
        args: (flags: readonly string[]) => [...flags, ...typedFlags({ ...own, shown: marksOf(request.plan) }), '--', user, cluster],
        file,
        ...since,
      };
      return await decideAt(door, 'approve', args, caller, services);
    } catch (error) {
      if (error instanceof NothingToPropose) return { title: 'Not frozen', message: notice.render({ text: error.message }, services) };
      throw error;
    }
  },
});
