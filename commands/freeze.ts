import { defineCommand, UsageError } from '#src/model/command.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { template as notice } from '#templates/notice.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { decide } from './support/decide.ts';
import { readingSignal } from './support/people.ts';

/** Takes the rights of a user at once: shows an approver what would be taken, who decides it there and then. */
export const command = defineCommand({
  name: 'freeze',
  usage: 'freeze <user> [cluster] [--why TEXT]',
  summary: 'Take the rights of a user at once, when somebody else may be acting in their name.',
  examples: ['freeze oidc:bob@corp.example prod-eu', 'freeze oidc:bob@corp.example --why "laptop stolen"'],
  access: 'approver',
  maxWords: 2,
  flags: {
    why: { type: 'string', value: 'TEXT', text: 'What has happened.' },
    question: { type: 'string', value: 'ID', text: 'The question to the user that this follows from.' },
  },
  form: { isWanted: ({ words }) => words.length > 0 },
  async run({ words: [user, named], options }, caller, services) {
    if (user === undefined) throw new UsageError('Whom? Give the user name of the cluster.');
    const [only, second] = await permittedClusters('approver', caller, services);
    if (named === undefined && (only === undefined || second !== undefined)) throw new UsageError('In which cluster? Name it after the user.');
    const cluster = named === undefined ? (only?.name ?? '') : (await permittedCluster(named, 'approver', caller, services)).name;
    const question = options.question === undefined ? undefined : await services.questions.get(options.question);
    const about = question?.deed.user === user && question.deed.cluster === cluster ? question : undefined;
    const why = options.why ?? (about === undefined ? `asked by ${caller.name}` : `${about.deed.title}, and the person has not said that it was them (question ${about.id})`);
    try {
      // The bot asks in an emergency, so that one approver is enough: whoever opens this decides.
      const { request } = await services.approvals.ask('freeze-user', { cluster, user, groups: about?.deed.groups ?? [], why }, { requester: { name: 'k8ssec' } }, readingSignal());
      return await decide('approve', { words: [request.id], options: {}, switches: new Set() }, caller, services);
    } catch (error) {
      if (error instanceof NothingToPropose) return { title: 'Not frozen', message: notice.render({ text: error.message }, services) };
      throw error;
    }
  },
});
