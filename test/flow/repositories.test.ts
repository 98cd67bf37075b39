import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { ask, logged } from '#test/build/conversation.ts';
import { withFolder } from '#test/build/files.ts';
import { hurry } from '#test/build/hurry.ts';
import { repositoryArchive } from '#test/build/tar.ts';
import { startHttpStandIn, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

jest.setTimeout(30_000);

const COMMIT = 'c0ffee0000000000000000000000000000000000';
const POD = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  containers:\n    - name: main\n      securityContext:\n        privileged: true\n`;
const REPO = '/repos/acme/shop';

let host: HttpStandIn;
let bot: Bot;
let endHurry: () => Promise<void>;
let files: Readonly<Record<string, string>>;
let settings: Readonly<Record<string, unknown>>;

/** What the token is shown; the deploy keys are not. */
const SETTINGS = {
  [REPO]: { private: false, visibility: 'public', default_branch: 'main', owner: { login: 'acme', type: 'Organization' } },
  [`${REPO}/branches/main`]: { name: 'main', protected: false },
  [`${REPO}/rules/branches/main`]: [],
  [`${REPO}/collaborators`]: [],
  [`${REPO}/commits`]: [],
  [`${REPO}/actions/secrets`]: { total_count: 0, secrets: [] },
  [`${REPO}/actions/organization-secrets`]: { total_count: 0, secrets: [] },
  [`${REPO}/environments`]: { total_count: 0, environments: [] },
};

function answer(path: string, authorization: string | undefined, url: string): HttpReply {
  if (path === '/archive') return { body: repositoryArchive(files, COMMIT) };
  if (authorization !== 'Bearer canary-token') return { status: 401, body: {} };
  if (path.includes('/tarball')) return { status: 302, headers: { location: `${url}/archive` } };
  const body = settings[path];
  return body === undefined ? { status: 403, body: { message: 'Resource not accessible by personal access token' } } : { body };
}

beforeAll(async () => {
  host = await startHttpStandIn(({ path, headers }, url) => answer(path, headers.authorization, url));
  const repositories = (token: string) => `repositories:\n  - { name: acme/shop, url: "${host.url}", token: { file: "${token}" } }\n  - { name: acme/closed, url: "${host.url}" }\n`;
  await withFolder({ token: 'canary-token\n' }, async (folder) => {
    bot = await startBot({ file: `${ROLES}\n${repositories(join(folder, 'token'))}` });
    endHurry = hurry(bot);
    await scanAll();
  });
});

afterAll(async () => {
  await endHurry();
  await bot.stop();
  await host.stop();
});

let first: SeenMessage;
let second: SeenMessage;
let closed: SeenMessage;

/** Asks, and reads what is then posted in the channel. */
async function scanOf(target: string): Promise<SeenMessage> {
  const ann = bot.slack.as('ann');
  const before = new Set(ann.messages(CHANNEL).map(({ ts }) => ts));
  await ask(bot, `iac ${target}`);
  return ann.sees(CHANNEL, ({ ts, isEphemeral }) => !isEphemeral && !before.has(ts));
}

/** While the token is there. */
async function scanAll(): Promise<void> {
  files = { 'deploy/a.yaml': POD('a') };
  settings = SETTINGS;
  first = await scanOf('acme/shop@main:deploy');
  files = { 'deploy/b.yaml': POD('b'), 'deploy/broken.yaml': 'a: [\n' };
  settings = { ...SETTINGS, [REPO]: { ...SETTINGS[REPO], private: true, visibility: 'private' } };
  second = await scanOf('acme/shop@main:deploy');
  closed = await scanOf('acme/closed');
}

describe('test/flow/repositories', () => {
  test('a person asks for a repository, and the channel sees what is open, with its line at the commit', () => {
    expect(first.words).toContain('acme/shop@main:deploy: ');
    expect(first.words).toContain('First scan:');
    expect(first.words).toContain('Container main runs privileged');
    expect(JSON.stringify(first.blocks)).toContain(`${host.url}/acme/shop/blob/${COMMIT}/deploy/a.yaml#L8`);
  });

  test('beside it stands what is wrong with the settings, with the page on which they are changed', () => {
    expect(first.words).toContain('Everybody can read the repository');
    expect(first.words).toContain('A change reaches main without the approval of somebody else');
    expect(JSON.stringify(first.blocks)).toContain(`${host.url}/acme/shop/settings/branches`);
  });

  test('what the token is not shown is said, with the right that it lacks', () => {
    expect(first.words).toContain('Not evaluated');
    expect(first.words).toContain('Administration (read)');
  });

  test('the next scan tells what is new, what is fixed and what was not read', () => {
    expect(second.words).toMatch(/New or worse \(\d+\)/);
    expect(second.words).toMatch(/Fixed \(\d+\)/);
    expect(second.words).toContain('Everybody can read the repository');
    expect(second.words).toMatch(/Not read, so the result is incomplete \(1\)/);
    expect(second.words).toContain('broken.yaml');
  });

  test('a repository that cannot be read is said to have failed', () => {
    expect(closed.words).toContain('failed:* GitHub refuses the credentials (HTTP 401)');
    expect(closed.words).toContain('Nothing was learned from this scan.');
  });

  test('who is no operator is refused, and the token is nowhere to be read', async () => {
    expect((await ask(bot, 'iac acme/shop', { as: 'cy' })).words).toMatch(/operator/);
    expect(JSON.stringify([bot.log, bot.slack.as('ann').messages(CHANNEL)])).not.toContain('canary-token');
    expect(logged(bot, 'error')).toEqual([]);
  });

  test('lists what is configured', async () => {
    expect((await ask(bot, 'iac')).words).toContain('acme/shop');
  });
});
