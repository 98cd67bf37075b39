import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, ROLES, startBot, type Bot } from '#test/build/bot.ts';
import { ask, logged } from '#test/build/conversation.ts';
import { withFolder } from '#test/build/files.ts';
import { hurry } from '#test/build/hurry.ts';
import { repositoryArchive } from '#test/build/tar.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

jest.setTimeout(30_000);

const COMMIT = 'c0ffee0000000000000000000000000000000000';
const POD = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  containers:\n    - name: main\n      securityContext:\n        privileged: true\n`;

let host: HttpStandIn;
let bot: Bot;
let endHurry: () => Promise<void>;
let files: Readonly<Record<string, string>>;

beforeAll(async () => {
  host = await startHttpStandIn(({ path, headers }, url) => {
    if (path === '/archive') return { body: repositoryArchive(files, COMMIT) };
    return headers.authorization === 'Bearer canary-token' ? { status: 302, headers: { location: `${url}/archive` } } : { status: 401, body: {} };
  });
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
  first = await scanOf('acme/shop@main:deploy');
  files = { 'deploy/b.yaml': POD('b'), 'deploy/broken.yaml': 'a: [\n' };
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

  test('the next scan tells what is new, what is fixed and what was not read', () => {
    expect(second.words).toMatch(/New or worse \(\d+\)/);
    expect(second.words).toMatch(/Fixed \(\d+\)/);
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
