import type { Caller } from '#src/model/access.ts';
import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError, type Answer, type Arguments } from '#src/model/command.ts';
import { parseDuration } from '#src/model/duration.ts';
import { labelsProblem, parseLabels, type Labels } from '#src/model/labels.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { remoteProblem } from '#src/connections/allowlist.ts';
import { template as allowForm } from '#templates/allow-form.ts';
import { template as allowlist } from '#templates/allowlist.ts';
import { template as notice } from '#templates/notice.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { readingSignal } from './support/people.ts';
import { answerTo, permitRequest } from './support/requests.ts';

const FOREVER = 'good';

/** The allowlist of external connections: what is on it, and asking for more. */
export const command = defineCommand({
  name: 'allow',
  usage: 'allow [list | end <id> | <remote> [-n NAMESPACE] [--labels KEY=VALUE] [--port PORT] --reason TEXT]',
  summary: 'Show the allowlist of external connections, ask for an entry, or end one.',
  examples: ['allow list', 'allow api.stripe.com -n shop --port 443 --reason "payment provider"', 'allow *.sentry.io --labels app=web,tier=front --reason "errors of the front end"', 'allow 203.0.113.0/24 --cluster prod-eu --for 30d --reason "migration MIG-12"', 'allow end r7k2m9'],
  access: 'viewer',
  permit: async ([first, id], caller, services) => (first === 'end' ? permitRequest('undo')(id === undefined ? [] : [id], caller, services) : undefined),
  maxWords: 2,
  flags: {
    cluster: { type: 'string', value: 'NAME', text: 'In which cluster; needed where several are watched.' },
    namespace: { type: 'string', short: 'n', value: 'NAMESPACE', text: 'Only for workloads in this namespace.' },
    workload: { type: 'string', value: 'NAME', text: 'Only for this workload of the namespace.' },
    labels: { type: 'string', short: 'l', value: 'KEY=VALUE', text: 'Only for workloads whose pods bear these labels: app=web,tier=front.' },
    port: { type: 'string', value: 'PORT', text: 'Only on this port.' },
    for: { type: 'string', value: 'TIME', text: 'Until so long after approval, such as 30d; for good without it.' },
    ingress: { type: 'boolean', text: 'For connections that come in from there.' },
    reason: { type: 'string', value: 'TEXT', text: 'Why; the approvers read it, and it stays with the entry.' },
  },
  form: { isWanted: ({ words: [first], options }) => first !== undefined && first !== 'list' && first !== 'end' && options.reason === undefined },
  async run(args, caller, services) {
    const [first = 'list', id] = args.words;
    if (first === 'end') return end(id, caller, services);
    if (first === 'list') return list(caller, services);
    if (id !== undefined) throw new UsageError('One remote at a time: a name, an address, or a range.');
    return ask(first, args, caller, services);
  },
});

async function list(caller: Caller, services: Services): Promise<Answer> {
  const watched = services.connections.all();
  const permitted = new Set((await permittedClusters('viewer', caller, services)).map(({ name }) => name));
  const own = watched.filter(({ cluster }) => permitted.has(cluster)).flatMap(({ cluster, allow }) => allow.map((entry) => ({ ...entry, cluster })));
  const now = services.clock.now().toISOString();
  const made = (await services.connections.allowEntries()).filter(({ cluster, until }) => (cluster === undefined || permitted.has(cluster)) && (until === undefined || until > now));
  return { message: allowlist.render({ entries: [...made, ...own], isWatched: watched.length > 0 }, services) };
}

/** What came of a request ends with it; so an entry has its history. */
async function end(id: string | undefined, caller: Caller, services: Services): Promise<Answer> {
  const entry = (await services.connections.allowEntries()).find((one) => one.id === id?.toLowerCase());
  if (entry === undefined) throw new UsageError(`There is no entry "${id ?? ''}" that was made here. /k8ssec allow list shows them; those of the configuration file end there.`);
  const request = await services.approvals.get(entry.id);
  if (request !== undefined) return answerTo(await services.approvals.undo(entry.id, caller), () => 'The entry ends. Such connections are asked about again.', services);
  // The request is forgotten after a while, its entry is not.
  await permittedCluster(entry.cluster ?? '', 'approver', caller, services);
  await services.connections.endAllowEntry(entry.id);
  await services.decisions.append({ at: services.clock.now().toISOString(), kind: 'allowlist-ended', who: caller.userId, what: entry.remote, request: entry.id, ...(entry.cluster !== undefined && { cluster: entry.cluster }) });
  return { title: 'Done', message: notice.render({ text: 'The entry has ended. Such connections are asked about again.' }, services) };
}

async function ask(remote: string, args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const { options, switches } = args;
  const cluster = await clusterOf(options.cluster, caller, services);
  const settings = services.connections.settings(cluster);
  if (settings === undefined) throw new UsageError(`The connections of ${cluster} are not watched: name it under connections in the configuration file.`);
  const text = remote.toLowerCase();
  const problem = remoteProblem(text, settings.groups);
  if (problem !== undefined) throw new UsageError(`"${remote}" ${problem}.`);
  if (options.workload !== undefined && options.namespace === undefined) throw new UsageError('In which namespace is the workload? Name it with -n.');
  const labels = labelsOf(options.labels);
  const port = portOf(options.port);
  const lastsMs = lastsOf(options.for);
  const reason = options.reason?.trim();
  const wish = {
    cluster,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    ...(options.workload !== undefined && { workload: options.workload }),
    ...(labels !== undefined && { labels }),
    direction: switches.has('ingress') ? ('ingress' as const) : ('egress' as const),
    remote: text,
    ...(port !== undefined && { port }),
    ...(lastsMs !== undefined && { lastsMs }),
    owner: caller.name,
  };
  if (reason === undefined) {
    const given = [text, `--cluster=${cluster}`, ...(['namespace', 'workload', 'labels', 'port', 'for'] as const).flatMap((name) => (options[name] === undefined ? [] : [`--${name}=${options[name]}`])), ...(switches.has('ingress') ? ['--ingress'] : [])];
    const data = { ...wish, asksHowLong: options.for === undefined };
    return { message: allowForm.render({ ...data, form: false }, services), form: { title: 'Allow a connection', submit: 'Ask', blocks: allowForm.render({ ...data, form: true }, services).blocks, action: { command: 'allow', args: given } } };
  }
  if (reason.length < REASON_LENGTH.min || reason.length > REASON_LENGTH.max) throw new UsageError(`Say why, in ${REASON_LENGTH.min} to ${REASON_LENGTH.max} characters.`);
  try {
    const { request, joined } = await services.approvals.ask('allow-remote', { ...wish, reason }, { requester: { person: caller.userId, name: caller.name }, ...(settings.channel !== undefined && { channel: settings.channel }) }, readingSignal());
    return { title: 'Asked', message: requestAnswer.render({ text: joined ? 'That is asked for already.' : 'Approval is asked for: somebody else has to agree.', ask: [], request: shownRequest(request) }, services) };
  } catch (error) {
    if (error instanceof NothingToPropose) return { title: 'Not asked', message: notice.render({ text: error.message }, services) };
    throw error;
  }
}

async function clusterOf(name: string | undefined, caller: Caller, services: Services): Promise<string> {
  if (name !== undefined) return (await permittedCluster(name, 'viewer', caller, services)).name;
  const watched = new Set(services.connections.all().map(({ cluster }) => cluster));
  const [only, second] = (await permittedClusters('viewer', caller, services)).filter(({ name: one }) => watched.has(one));
  if (only === undefined) throw new UsageError('There is no cluster with watched connections that you could ask for.');
  if (second !== undefined) throw new UsageError('In which cluster? Name it with --cluster.');
  return only.name;
}

/** @throws {UsageError} */
function labelsOf(text: string | undefined): Labels | undefined {
  if (text === undefined) return undefined;
  const labels = parseLabels(text);
  if (labels === undefined) throw new UsageError(`"${text}" is no list of labels such as app=web,tier=front, each named once and compared by = alone.`);
  const problem = labelsProblem(labels);
  if (problem !== undefined) throw new UsageError(`"${text}" ${problem}.`);
  return labels;
}

/** @throws {UsageError} */
function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) throw new UsageError(`"${text}" is no port.`);
  return port;
}

/** @throws {UsageError} */
function lastsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === FOREVER) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined) throw new UsageError(`"${text}" is no length of time such as 8h or 30d.`);
  return ms;
}
