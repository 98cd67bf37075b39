import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { kinds } from '#src/approvals/kinds/index.gen.ts';
import { isObject, textAt, type RawObject } from '#src/model/raw.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { ROLES, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { aNamespace } from '#test/build/objects.ts';
import { binding, role } from '#test/build/rbac.ts';
import { runCli } from '#test/fakes/cli-world.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

jest.setTimeout(30_000);

const TOKEN = 'canary-3f9c-token';
const ACCOUNT = 'system:serviceaccount:k8ssec:k8ssec';
const group = (name: string) => seededId('group', name);
const user = (name: string) => seededId('user', name);
const channel = (name: string) => seededId('channel', name);

let bot: Bot;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8ssec-test-'));
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
  writeFileSync(join(folder, 'staff.csv'), 'name,email,status\nAnn,ann@corp.example,active\nBob,bob@corp.example,left\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterEach(() => bot.stop());

/** The lines about something, without whatever it is that they are about. */
async function linesAbout(about: 'People' | 'Approvals' | 'Cluster', file: string, options: BotOptions = {}): Promise<readonly string[]> {
  bot = await startBot({ start: false, file, ...options });
  const { stdout, stderr, status } = await runCli(['doctor'], { env: bot.env });
  expect(stdout + stderr).not.toContain(TOKEN);
  expect(status).toBe(0);
  return stdout.split('\n').filter((line) => line.includes(`  ${about}: `)).map((line) => line.replace(`${about}: `, ''));
}

const peopleFrom = (...sources: readonly object[]): string => `${ROLES}\npeople: ${JSON.stringify({ sources })}`;

describe('flow: k8ssec doctor about people', () => {
  let answers: HttpStandIn;

  beforeAll(async () => {
    answers = await startHttpStandIn(({ path }) => ({ status: path.startsWith('/refuses') ? 401 : 200, body: { totalResults: 0, Resources: [] } }));
  });

  afterAll(() => answers.stop());

  test('each source is asked once, and tells how many people it knows or what is wrong with it', async () => {
    const scim = (name: string, secret: object, path: string) => ({ type: 'scim', name, url: `${answers.url}${path}`, token: secret });

    const lines = await linesAbout(
      'People',
      peopleFrom(
        { type: 'file', path: join(folder, 'staff.csv') },
        { type: 'slack' },
        { type: 'file', name: 'lost', path: join(folder, 'nowhere.csv') },
        scim('no-variable', { env: 'K8SSEC_TEST_NO_SUCH_TOKEN' }, '/scim'),
        scim('no-file', { file: join(folder, 'nowhere') }, '/scim'),
        scim('refused', { file: join(folder, 'token') }, '/refuses'),
        scim('empty', { file: join(folder, 'token') }, '/scim'),
      ),
    );

    expect(lines).toEqual([
      'ok    file: 1 person',
      expect.stringMatching(/^ok {4}slack: \d+ people$/),
      expect.stringMatching(/^warn {2}lost: unreachable: .*, so nobody is told by it to have left\. Check its settings and the network\.$/),
      'warn  no-variable: refused: its secret is missing: the environment variable K8SSEC_TEST_NO_SUCH_TOKEN is not there, so nobody is told by it to have left. Check its secret.',
      `warn  no-file: refused: its secret is missing: the file ${join(folder, 'nowhere')} is not there, so nobody is told by it to have left. Check its secret.`,
      expect.stringMatching(/^warn {2}refused: refused: .*\(HTTP 401\), so nobody is told by it to have left\. Check its secret\.$/),
      expect.stringMatching(/^warn {2}empty: empty: .*, so nobody is told by it to have left\. Check its settings; docs\/people-sources\.md says what it reads\.$/),
    ]);
    expect(answers.asked.filter(({ path }) => path.startsWith('/refuses'))).toHaveLength(1);
  });

  test('Slack without the scope for addresses is no source, and the scope is named', async () => {
    const lines = await linesAbout('People', peopleFrom({ type: 'slack' }), { slack: { optionalScopes: false } });

    expect(lines).toEqual([expect.stringMatching(/^warn {2}slack: forbidden: .*users:read\.email.*\. Give its account that right\.$/)]);
  });

  test('roles that can be asked for are given to nobody while no source tells whose Slack account is whose', async () => {
    const lines = await linesAbout('People', `${peopleFrom({ type: 'file', path: join(folder, 'staff.csv') })}\ntemporaryAccess: { roles: [{ name: view, text: look }] }`);

    expect(lines).toEqual(['ok    file: 1 person', expect.stringMatching(/^warn {2}nobody can be given a role for a time: only a source of the type slack/)]);
  });
});

describe('flow: k8ssec doctor about approvals', () => {
  const NAMES = kinds.map(({ name }) => name);
  const ALL = NAMES.join(', ');
  const WANTED = `people: { sources: [{ type: slack }] }\napprovals: { channel: ${channel('sec-prod')} }`;

  test.each<readonly [what: string, file: string, lines: readonly string[]]>([
    ['nobody, where nothing is set up for requests', `approvals: { channel: ${channel('sec-prod')} }`, [`note  requests of the kinds ${ALL}: nobody may decide. Name approvers under roles.approver.`]],
    ['nobody, where people are reviewed', WANTED, [`warn  requests of the kinds ${ALL}: nobody may decide. Name approvers under roles.approver.`]],
    ['no channel', `people: { sources: [{ type: slack }] }\n${ROLES}`, ['warn  there is no channel for requests that the bot itself makes. Set approvals.channel, or channel.']],
    ['a group that Slack does not know any more', `${WANTED}\nroles: { approver: [${group('old-team')}, ${user('hal')}] }`, [`warn  requests of the kinds ${ALL}: nobody knows whether anybody may decide: not everybody under roles.approver could be looked up.`]],
    ['people who are all gone', `${WANTED}\nroles: { approver: [${user('hal')}, ${user('gus')}] }`, [`warn  requests of the kinds ${ALL}: nobody may decide: those named are not there any more. Correct roles.approver.`]],
    ['everybody', `${WANTED}\nroles: { approver: ['*'] }`, ['ok    every kind of request has somebody who may decide it, and a channel']],
    ['approvers of some kinds', `${WANTED}\nroles: { approver: [{ who: ${group('sec-approvers')}, kinds: [revoke-key] }] }`, [`warn  requests of the kinds ${NAMES.filter((name) => name !== 'revoke-key').join(', ')}: nobody may decide. Name approvers under roles.approver.`]],
    ['approvers of a namespace', `${WANTED}\nroles: { approver: [{ who: ${group('sec-approvers')}, namespaces: [shop] }] }`, [`warn  requests of the kinds ${ALL}: nobody may decide what reaches beyond the namespaces of the grants. Name somebody without namespaces under roles.approver.`]],
    ['too few for a kind', `${ROLES}\napprovals: { channel: ${channel('sec-prod')}, kinds: { remove-user: { approvers: [${user('bo')}], approvals: 2 } } }`, ['warn  requests of the kind remove-user: 2 people have to approve, and only 1 may. Name more under approvals.kinds.remove-user.approvers.']],
  ])('%s', async (_, file, lines) => {
    expect(await linesAbout('Approvals', file)).toEqual(lines);
  });

  test('production needs more people, and only the clusters that lack them are named', async () => {
    const clusters = 'clusters: [{ name: prod, production: true }, { name: dev }, { name: old }]';
    const lines = await linesAbout('Approvals', `${WANTED}\n${clusters}\nroles: { approver: [{ who: ${user('bo')}, clusters: [prod, dev] }] }`, { contexts: ['prod', 'dev', 'old'] });

    expect(lines).toEqual([
      `warn  requests of the kinds ${ALL} in old: nobody may decide. Name approvers under roles.approver.`,
      'warn  requests of the kind remove-user in prod: 2 people have to approve, and only 1 may. Name more under roles.approver.',
    ]);
  });

  test('people whom the settings of a kind name, and delegates, are looked up like those with a role', async () => {
    bot = await startBot({
      start: false,
      file: `${ROLES}\napprovals: { channel: ${channel('leads')}, kinds: { revoke-key: { approvers: [${user('bo')}], escalateTo: [${user('ivy')}] } }, delegates: [{ from: ${user('cy')}, to: ${user('gus')}, since: 2026-12-01, until: 2026-12-24 }] }`,
    });

    const { stdout } = await runCli(['doctor'], { env: bot.env });

    expect(stdout.split('\n').filter((line) => /^(warn|FAIL) {2}Slack/.test(line))).toEqual([
      expect.stringMatching(/^FAIL {2}Slack: the channel \w+ cannot be looked up: channel_not_found\./),
      `warn  Slack: ${user('ivy')} decides requests, but the account is deactivated. Remove it under approvals.`,
      `warn  Slack: ${user('gus')} decides requests, but is a guest, and guests have no role. Remove it under approvals.`,
    ]);
  });
});

describe('flow: k8ssec doctor about enforcement', () => {
  const LOOKS = objectsOf('scan-role.gen.yaml');
  const ENFORCES = objectsOf('k8ssec-enforce.gen.yaml');
  const TEMPORARY = `${ROLES}\ntemporaryAccess: { roles: [{ name: view, text: look }, { name: fix, clusterRole: edit, text: change, namespaces: [shop] }, { name: all, clusterRole: cluster-admin, text: everything }, { name: both, clusterRole: admin, text: manage, namespaces: [shop] }, { name: own, text: nothing here, clusters: [elsewhere] }] }`;
  const lines = async (objects: readonly RawObject[], file = ROLES) => (await linesAbout('Cluster', file, { objects: [aNamespace('k8ssec'), aNamespace('shop'), ...objects], kubeUser: ACCOUNT })).filter((line) => !/checks? (is|are) not/.test(line));

  test('a bot that may change nothing only looks, which is no fault', async () => {
    expect(await lines(LOOKS)).toEqual(['ok    demo: Kubernetes v1.37', expect.stringMatching(/^note {2}demo: the bot only looks: .* Apply deploy\/kubernetes\/k8ssec-enforce\.gen\.yaml if it shall\.$/)]);
  });

  test('with everything that is needed, nothing is said', async () => {
    expect(await lines([...LOOKS, ...ENFORCES])).toEqual(['ok    demo: Kubernetes v1.37']);
  });

  test('rights that are missing are named', async () => {
    const without = ENFORCES.filter((object) => textAt(object, 'metadata', 'name') !== 'k8ssec-enforce');
    const partly = [role('some', ['get,patch,create rbac.authorization.k8s.io:rolebindings', 'get,patch,create,delete rbac.authorization.k8s.io:clusterrolebindings']), binding('some', 'ClusterRole/some', ['ServiceAccount/k8ssec/k8ssec'])];

    expect(await lines([...LOOKS, ...without, ...partly])).toEqual([
      'ok    demo: Kubernetes v1.37',
      'warn  demo: no permission to delete rolebindings, create subjectaccessreviews, so part of what people approve cannot be carried out. Apply deploy/kubernetes/k8ssec-enforce.gen.yaml anew.',
    ]);
  });

  test('each role that cannot be given is named, and what to do', async () => {
    expect(await lines([...LOOKS, ...ENFORCES], TEMPORARY)).toEqual([
      'ok    demo: Kubernetes v1.37',
      expect.stringMatching(/^warn {2}demo: the role all cannot be given: no permission to bind the ClusterRole cluster-admin\. Add cluster-admin to the list in k8ssec-enforce-bind/),
      expect.stringMatching(/^warn {2}demo: the role both cannot be given in shop: no permission to bind the ClusterRole admin\./),
    ]);
  });
});

function objectsOf(file: string): readonly RawObject[] {
  return parseAllDocuments(readFileSync(`deploy/kubernetes/${file}`, 'utf8')).map((document) => document.toJSON() as unknown).filter(isObject);
}
