import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError } from '#src/model/command.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';
import { parseDuration } from '#src/model/duration.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import { template as notBlocked } from '#templates/not-blocked.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { permittedCluster } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';

/** Asks for approval to close a workload to everything outside that is neither known nor approved. */
export const command = defineCommand({
  name: 'isolate',
  usage: 'isolate <cluster> <namespace>/<kind>/<name> [--for TIME] [--why TEXT]',
  summary: 'Ask for approval to isolate a workload: it may connect to nothing outside but what is known or approved.',
  examples: ['isolate prod-eu shop/Deployment/checkout --why "it handles cards"', 'isolate prod-eu shop/statefulset/db --for 7d'],
  access: 'operator',
  maxWords: 2,
  flags: {
    for: { type: 'string', value: 'TIME', text: 'Until so long after approval, such as 7d; until somebody undoes it without.' },
    why: { type: 'string', value: 'TEXT', text: 'What it is for; the approvers read it.' },
  },
  async run({ words: [named, text], options }, caller, services) {
    if (named === undefined || text === undefined) throw new UsageError('Which workload? Name its cluster, and it as namespace/kind/name: isolate prod-eu shop/Deployment/checkout.');
    const { name: cluster } = await permittedCluster(named, 'operator', caller, services);
    const workload = workloadOf(text);
    const lastsMs = options.for === undefined ? undefined : parseDuration(options.for);
    if (options.for !== undefined && lastsMs === undefined) throw new UsageError(`"${options.for}" is no length of time such as 8h or 30d.`);
    const wish = { cluster, workload, ...(lastsMs !== undefined && { lastsMs }), reason: options.why?.slice(0, REASON_LENGTH.max) ?? `asked by ${caller.name}` };
    const { channel } = services.connections.settings(cluster) ?? {};
    try {
      const { request, joined } = await services.approvals.ask('isolate-workload', wish, { requester: { person: caller.userId, name: caller.name }, ...(channel !== undefined && { channel }) }, readingSignal());
      return { title: 'Asked', message: requestAnswer.render({ text: joined ? 'That is asked for already.' : 'Approval is asked for. Nothing has been changed yet.', ask: [], request: shownRequest(request) }, services) };
    } catch (error) {
      if (error instanceof NothingToPropose) return { title: 'Not isolated', message: notBlocked.render({ text: `Not isolated: ${error.message}`, ...(error.patch !== undefined && { patch: error.patch }) }, services) };
      throw error;
    }
  },
});

/** @throws {UsageError} */
function workloadOf(text: string): ConnectedWorkload {
  const [namespace, kindText, name, more] = text.split('/');
  if (!namespace || !kindText || !name || more !== undefined) throw new UsageError(`"${text}" is no workload. Give it as namespace/kind/name: shop/Deployment/checkout.`);
  const kind = WORKLOAD_KINDS.find((one) => one.toLowerCase() === kindText.toLowerCase());
  if (kind === undefined) throw new UsageError(`"${kindText}" is no kind of workload. Known: ${WORKLOAD_KINDS.join(', ')}.`);
  return { namespace, kind, name };
}
