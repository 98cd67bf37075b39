import { defineCommand, UsageError, type Arguments } from '#src/model/command.ts';
import type { Caller } from '#src/model/access.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { standingText, stillStands } from '#src/people/need-steps.ts';
import { accessOfPerson } from '#src/people/person-access.ts';
import { readAccess } from '#src/people/read-access.ts';
import { AccessKept } from '#src/people/rulings.ts';
import { template as notice } from '#templates/notice.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { namedPerson, readingSignal, whoIsWho, type Who } from './support/people.ts';

const REASONS = ['departed', 'suspended', 'inactive', 'asked'] as const;
type Reason = (typeof REASONS)[number];

/** Asks for approval to take somebody's access away. */
export const command = defineCommand({
  name: 'remove-user',
  usage: 'remove-user <person> [--cluster NAME[,NAME]] [--reason REASON] [--only BINDING[,BINDING]]',
  summary: 'Ask for approval to take the access of a person away.',
  examples: ['remove-user bob@corp.example', 'remove-user bob@corp.example --cluster prod-eu --only ops-bob,shop/edit-bob'],
  access: 'operator',
  maxWords: 1,
  flags: {
    cluster: { type: 'string', value: 'NAME', text: 'Only in these clusters, separated by commas.' },
    reason: { type: 'string', value: 'REASON', text: 'Why; without it, what the sources of people say, else asked.', choices: REASONS },
    only: { type: 'string', value: 'BINDING', text: 'Only out of these bindings: ops-bob, or shop/edit-bob within a namespace.' },
  },
  async run(args, caller, services) {
    const clusters = await clustersOf(args, caller, services);
    const [word] = args.words;
    if (word === undefined) throw new UsageError('Whose access shall be taken away? Give an e-mail address.');
    const who = await whoIsWho(services);
    const person = namedPerson(word, who);
    const reason = reasonOf(args.options.reason, person);
    const bindings = args.options.only === undefined ? undefined : await keysOf(args.options.only, person, clusters, who, services);
    const waits = reason === 'inactive' ? await askedText(person, clusters, services) : undefined;
    if (waits !== undefined) return { message: notice.render({ text: `${waits} With --reason asked, the removal is asked for all the same.` }, services) };
    try {
      const opening = { requester: { person: caller.userId, name: caller.name }, channel: caller.channelId };
      const { request, joined } = await services.approvals.ask('remove-user', { person: person.id, clusters, reason, ...(bindings && { bindings }) }, opening, readingSignal());
      const text = joined ? 'That is asked for already.' : 'Approval is asked for. Nothing has been changed yet.';
      return { message: requestAnswer.render({ text, ask: [], request: shownRequest(request) }, services) };
    } catch (error) {
      if (error instanceof NothingToPropose) return { message: notice.render({ text: error.message, next: nextAfter(error, person.emails[0] ?? word, args) }, services) };
      throw error;
    }
  },
});

/** What to type: where approvers keep the access, the same can be asked for all the same. */
function nextAfter(error: NothingToPropose, called: string, { options: { cluster, only } }: Arguments): string {
  if (!(error instanceof AccessKept)) return `/k8ssec access of ${called}`;
  const less = Object.entries({ cluster, only }).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]));
  return [`/k8ssec remove-user ${called}`, ...less, '--reason asked'].join(' ');
}

/** Those named, or all that the caller may operate; always the same order, so that the same wish joins the same request. */
async function clustersOf({ options: { cluster } }: Arguments, caller: Caller, services: Services): Promise<readonly string[]> {
  const names = cluster === undefined ? undefined : namesIn(cluster, '--cluster');
  const found = names === undefined ? await permittedClusters('operator', caller, services) : await Promise.all(names.map((name) => permittedCluster(name, 'operator', caller, services)));
  return [...new Set(found.map(({ name }) => name))].sort();
}

function reasonOf(text: string | undefined, { state }: KnownPerson): Reason {
  if (text === undefined) return state === 'departed' || state === 'suspended' ? state : 'asked';
  const found = REASONS.find((reason) => reason === text.toLowerCase());
  if (found === undefined) throw new UsageError(`There is no reason "${text}". Known: ${REASONS.join(', ')}.`);
  return found;
}

/** How the question to somebody inactive stands, where it keeps their access. */
async function askedText({ id }: KnownPerson, clusters: readonly string[], { needs, clock }: Services): Promise<string | undefined> {
  const now = clock.now();
  const question = (await needs.all()).find((one) => one.person === id && clusters.includes(one.cluster) && (one.state === 'open' || one.state === 'kept') && stillStands(one, now));
  return question && `${question.called} in ${question.cluster}: ${standingText(question, now)}`;
}

/** The paths of the person in the named bindings. @throws {UsageError} for a binding that does not name them. */
async function keysOf(only: string, person: KnownPerson, clusters: readonly string[], { matcher }: Who, services: Services): Promise<readonly string[]> {
  const { maps, unreached } = await readAccess(services.clusters, clusters, services.clock.now(), readingSignal());
  const paths = maps.flatMap((map) => accessOfPerson(person, map, matcher).names.flatMap((name) => name.paths)).filter((path) => path.type === 'binding');
  const keys = namesIn(only, '--only').flatMap((name) => {
    const named = paths.filter(({ address }) => name === (address.namespace === undefined ? address.name : `${address.namespace}/${address.name}`));
    if (named.length === 0) throw new UsageError([`No binding "${name}" names ${person.name} in ${clusters.join(', ')}.`, ...unreached].join(' '));
    return named.map(({ key }) => key);
  });
  return [...new Set(keys)];
}

/** @throws {UsageError} when there is none. */
function namesIn(text: string, flag: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  if (names.length === 0) throw new UsageError(`${flag} names nothing.`);
  return names;
}
