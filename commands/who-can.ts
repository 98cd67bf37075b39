import { defineCommand, UsageError } from '#src/model/command.ts';
import { readAccess } from '#src/people/read-access.ts';
import { describePrincipal, MASTERS, type Holder } from '#src/people/who-can.ts';
import { questionText } from '#src/people/proofs.ts';
import { template as whoCan, HOLDERS, type WhoCanMessage } from '#templates/who-can.ts';
import { namedCluster, permittedClusters } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';
import { parseRight } from './support/resource-words.ts';

/** Answers exactly who may do something, as the API server would decide it, and through which bindings. */
export const command = defineCommand({
  name: 'who-can',
  usage: 'who-can <verb> <resource> [cluster] [-n NAMESPACE] [--name NAME]',
  summary: 'Tell who may do something in a cluster, and why.',
  examples: ['who-can list secrets -n shop', 'who-can create pods/exec prod-eu', 'who-can get /metrics', 'who-can delete certificates.cert-manager.io prod-eu -n shop'],
  access: 'viewer',
  maxWords: 3,
  flags: {
    namespace: { type: 'string', short: 'n', value: 'NAMESPACE', text: 'In this namespace; without it, in all of them.' },
    name: { type: 'string', value: 'NAME', text: 'With the object of this name; without it, with all of them.' },
  },
  async run({ words: [verb, what, named], options: { namespace, name } }, caller, services) {
    if (verb === undefined || what === undefined) throw new UsageError('Who can do what? Give a verb and a resource: who-can list secrets.');
    const question = parseRight({ verb, what, namespace, name });
    const permitted = await permittedClusters('viewer', caller, services);
    const [only] = permitted;
    if (named === undefined && permitted.length > 1) throw new UsageError(`In which cluster? Clusters: ${permitted.map((cluster) => cluster.name).join(', ')}.`);
    const cluster = named === undefined && only !== undefined ? only : namedCluster(named ?? '', permitted);
    const { maps, unreached } = await readAccess(services.clusters, [cluster.name], services.clock.now(), readingSignal());
    const [map] = maps;
    const holders = map?.whoCan.whoCan(question) ?? [];
    const deed = 'url' in question ? `${question.verb} ${question.url}` : questionText(question);
    const unread = [...unreached, ...(map?.unread ?? []).filter(({ kind }) => /^(Cluster)?Role(Binding)?$/.test(kind)).map(({ text }) => text)];
    return {
      message: whoCan.render({ cluster: cluster.name, deed, holders: holders.slice(0, HOLDERS).map(line), count: holders.length, unread, looked: map !== undefined }, services),
    };
  },
});

function line({ principal, bindings }: Holder): WhoCanMessage['holders'][number] {
  const ways = bindings.map(({ binding, role }) => `${binding.kind} ${binding.namespace === undefined ? '' : `${binding.namespace}/`}${binding.name} of ${role.kind} ${role.name}`);
  return { who: describePrincipal(principal), ways: principal.kind === 'Group' && principal.name === MASTERS ? ['above all bindings'] : ways };
}
