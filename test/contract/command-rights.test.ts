import { describe, expect, test } from '@jest/globals';
import { createAccess } from '#src/access/access.ts';
import { createApprovers } from '#src/access/approvers.ts';
import { NOT_ASKED, type Caller, type Grant } from '#src/model/access.ts';
import type { Answer } from '#src/model/command.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import type { Directory } from '#src/model/directory.ts';
import { NO_APPROVAL_SETTINGS } from '#src/model/settings.ts';
import type { Services } from '#src/model/services.ts';
import { createDispatch } from '#src/slack/dispatch.ts';
import { commands } from '#commands/index.gen.ts';
import { clustersOf } from '#test/build/access.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { aQuestion } from '#test/build/question.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { createFakeNeeds } from '#test/fakes/needs.ts';

const TEAM = 'T0HOME0001';
const NO_APPROVER = 'Only approvers may do this, and you are none of them for this request.';
const NO_OPERATOR = 'This needs the role operator, which you do not have.';
/** Good, unknown, missing, and wrong in what follows. */
const REQUESTS = ['r7k2m9', 'r7k2m9 it is over now', 'r00000', 'r00000 it is over now', '', '--nope', 'r7k2m9 --nope', 'r00000 --nope', 'r7k2m9 --plan'];
/** The same of what somebody else was asked; where no question is named, nobody's rights are in question. */
const asked = (id: string, unknown: string, more = '') => [id, unknown, `${id} --nope`, `${unknown} --nope`, `${id}${more}`, `${unknown}${more}`];

/** What commands that change something are asked by a viewer who may do nothing else, and all that they hear. */
const CHANGING: Readonly<Record<string, readonly (readonly [refusal: string, inputs: readonly string[]])[]>> = {
  allow: [[NO_APPROVER, ['end r7k2m9', 'end r00000', 'end', 'end r7k2m9 --nope', 'end r00000 --nope']]],
  answer: [[NOT_ASKED, asked('q5d41402abc4b', 'q000000000000', ' maybe')]],
  approve: [[NO_APPROVER, [...REQUESTS, 'r7k2m9 --only 9', 'r7k2m9 --for long', `r7k2m9 ${'x'.repeat(600)}`]]],
  'ask-owner': [[NO_APPROVER, REQUESTS]],
  cancel: [[NO_APPROVER, REQUESTS.filter((input) => input.startsWith('r'))], [NO_OPERATOR, ['a4c19e70b2', 'a000000000', '', 'a4c19e70b2 --nope', 'a000000000 --nope']]],
  deny: [[NO_APPROVER, REQUESTS]],
  freeze: [['This needs the role approver, which you do not have.', ['oidc:bob prod', 'nobody prod', 'oidc:bob nowhere', '', 'oidc:bob prod --nope', 'oidc:bob prod --plan=x --reason=gone']]],
  'give-up': [[NOT_ASKED, asked('n1', 'n2')]],
  iac: [[NO_OPERATOR, ['acme/infra', 'acme/nothing', '', '--nope']]],
  isolate: [[NO_OPERATOR, ['prod shop/Deployment/checkout', 'nowhere shop/Deployment/checkout', 'prod checkout', '', '--nope']]],
  keep: [[NOT_ASKED, asked('n1', 'n2', ' --until never')], [NO_APPROVER, [...REQUESTS.filter((input) => input.startsWith('r')), 'r7k2m9 --until never', 'r00000 --until never']]],
  known: [[NOT_ASKED, asked('r7k2m9', 'r00000', ' yes it is our provider')]],
  'not-theirs': [[NO_APPROVER, [...REQUESTS, 'r7k2m9 --only 9']]],
  'remove-user': [[NO_OPERATOR, ['bob@corp.example', 'nobody@corp.example', '', '--nope', 'bob@corp.example --reason boredom']]],
  retry: [[NO_APPROVER, REQUESTS]],
  revoke: [[NO_OPERATOR, ['user oidc:bob', 'ci nobody', 'user', '', '--nope']]],
  scan: [[NO_OPERATOR, ['prod', 'nowhere', '', '--nope', 'prod --area nothing']]],
  undo: [[NO_APPROVER, REQUESTS]],
};
/** Commands that change nothing, or ask others for what the caller wants. */
const HARMLESS = ['access', 'approvals', 'clusters', 'connections', 'explain', 'findings', 'help', 'map', 'report', 'schedule', 'status', 'users', 'who-can'];

function caller(userId: string): Caller {
  return { userId, name: userId, teamId: TEAM, channelId: 'C0SECPROD1', via: 'command' };
}

/** In which there is one of everything, and nobody else than Bo may do anything but look. */
function world() {
  const grants: readonly Grant[] = [{ role: 'viewer', who: 'U0VERA0001', clusters: undefined }, { role: 'admin', who: 'U0BO000001', clusters: undefined }];
  const directory: Directory = {
    person: (id) => Promise.resolve({ id, name: id, teamId: TEAM, deactivated: false, bot: false, guest: false, stranger: false }),
    groupMembers: () => Promise.resolve(new Set()),
    isShared: () => Promise.resolve(false),
  } as Partial<Directory> as Directory;
  const [clock, log, logged] = [createMovedClock(), createKeptLog(), new Array<DecisionEntry>()];
  const common = { grants, directory, teamId: TEAM, sharedChannels: [], log };
  const approvers = createApprovers({ ...common, settings: NO_APPROVAL_SETTINGS, hasLeft: () => Promise.resolve(false), clock });
  const fake = createFakeApprovals({ requests: [aRequest()] });
  const services = {
    clock,
    log,
    zone: 'UTC',
    commands,
    access: createAccess(common),
    approvals: { ...fake, may: (by, act, request) => approvers.may(by, act, request) } satisfies Services['approvals'],
    needs: createFakeNeeds([aNeedQuestion()]),
    questions: { get: (id: string) => Promise.resolve(id === aQuestion().id ? aQuestion() : undefined) },
    clusters: clustersOf({ prod: [] }),
    decisions: { append: (entry: DecisionEntry) => Promise.resolve(void logged.push(entry)) },
  } as unknown as Services;
  const dispatch = createDispatch(services, () => undefined);
  return {
    fake,
    logged,
    ask: async (text: string, who: string): Promise<Answer> => {
      const understood = await dispatch.understand(text, caller(who));
      return 'answer' in understood ? understood.answer : understood.run();
    },
  };
}

describe('commands, for people without the right', () => {
  test('each is known to change something or not', () => {
    expect([...Object.keys(CHANGING), ...HARMLESS].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  test.each(Object.entries(CHANGING).flatMap(([name, ways]) => ways.map(([refusal, inputs]) => ({ name, refusal, inputs }))))('$name says only "$refusal"', async ({ name, refusal, inputs }) => {
    for (const input of inputs) {
      const { fake, logged, ask } = world();
      const { message, form } = await ask(`${name} ${input}`, 'U0VERA0001');

      expect({ input, text: message.text, form }).toEqual({ input, text: refusal, form: undefined });
      expect(fake.calls).toEqual([]);
      expect(logged).toMatchObject([{ kind: 'refused', who: 'U0VERA0001', what: name, reason: refusal }]);
    }
  });

  test.each(Object.keys(CHANGING))('%s tells those with the right what is wrong with their words', async (name) => {
    const { message } = await world().ask(`${name} --nope`, 'U0BO000001');

    expect(message.text).toContain('There is no flag "--nope".');
  });

  test.each(commands.filter(({ access }) => access !== 'none').map(({ name }) => name))('%s tells nothing to somebody without any role, whatever they type', async (name) => {
    const answers = await Promise.all(['', 'r7k2m9', 'r00000', 'prod', 'nowhere', '--nope', 'one two three four'].map((input) => world().ask(`${name} ${input}`, 'U0EVE00001')));

    expect(new Set(answers.map(({ message }) => JSON.stringify(message))).size).toBe(1);
    expect(answers[0]?.message.text).toMatch(/^This needs the role \w+, which you do not have\.$/);
  });
});
