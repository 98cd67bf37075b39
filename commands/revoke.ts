import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError, type Arguments } from '#src/model/command.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { template as notice } from '#templates/notice.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';

const KINDS = ['serviceaccount', 'user', 'ci'] as const;

/** Asks for approval to make a compromised key worthless. */
export const command = defineCommand({
  name: 'revoke',
  usage: 'revoke <serviceaccount|user|ci> <name> [--cluster NAME] [--why TEXT] [--kill] [--recreate]',
  summary: 'Ask for approval to make a compromised key worthless: of a ServiceAccount, a user, or a pipeline.',
  examples: ['revoke serviceaccount ci/deployer --why "token in a public log"', 'revoke user oidc:bob@corp.example', 'revoke ci deployer --kill --recreate'],
  access: 'operator',
  maxWords: 2,
  flags: {
    cluster: { type: 'string', value: 'NAME', text: 'In which cluster; needed where several are watched.' },
    why: { type: 'string', value: 'TEXT', text: 'What has happened, for the approver.' },
    kill: { type: 'boolean', text: 'Delete long-lived tokens instead of having them refused; that cannot be undone.' },
    recreate: { type: 'boolean', text: 'Make the ServiceAccount anew, so that tokens of running pods end too.' },
  },
  async run(args, caller, services) {
    const { cluster: named, why = 'no reason given' } = args.options;
    const [only, second] = await permittedClusters('operator', caller, services);
    if (named === undefined && (only === undefined || second !== undefined)) throw new UsageError('In which cluster? Name it with --cluster.');
    const cluster = named === undefined ? (only?.name ?? '') : (await permittedCluster(named, 'operator', caller, services)).name;
    const user = userOf(args, services);
    const subject = { cluster, user, how: args.switches.has('kill') ? 'kill' : 'freeze', recreate: args.switches.has('recreate'), day: services.clock.now().toISOString().slice(0, 10), why: why.slice(0, REASON_LENGTH.max) };
    try {
      const { request, joined } = await services.approvals.ask('revoke-key', subject, { requester: { person: caller.userId, name: caller.name }, channel: caller.channelId }, readingSignal());
      const text = joined ? 'That is asked for already.' : 'Approval is asked for. Nothing has been changed yet.';
      return { message: requestAnswer.render({ text, ask: [], request: shownRequest(request) }, services) };
    } catch (error) {
      if (error instanceof NothingToPropose) return { message: notice.render({ text: error.message }, services) };
      throw error;
    }
  },
});

/** The identity as Kubernetes names it. @throws {UsageError} */
function userOf({ words: [kind = '', name] }: Arguments, { clusters }: Services): string {
  const known = KINDS.find((one) => one === kind.toLowerCase());
  if (known === undefined || name === undefined) throw new UsageError(`Whose key? Say one of ${KINDS.join(', ')}, and its name.`);
  if (known === 'user') return name;
  if (known === 'serviceaccount') return accountUser(name);
  const accounts = clusters.settings.ciAccounts.filter((account) => account.name === name || `${account.namespace}/${account.name}` === name);
  const [account, another] = accounts;
  const all = clusters.settings.ciAccounts.map((one) => `${one.namespace}/${one.name}`).join(', ');
  if (account === undefined) throw new UsageError(`No pipeline is known as "${name}". Known: ${all || 'none; name them as checks.ciAccounts in the configuration file'}.`);
  if (another !== undefined) throw new UsageError(`Several pipelines are called "${name}": ${all}.`);
  return accountUser(`${account.namespace}/${account.name}`);
}

function accountUser(name: string): string {
  const [namespace, account, more] = name.split('/');
  if (!namespace || !account || more !== undefined) throw new UsageError(`"${name}" is no ServiceAccount. Give it as namespace/name.`);
  return `system:serviceaccount:${namespace}:${account}`;
}
