import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import type { Repository } from '#src/model/repositories.ts';
import { command } from '#commands/iac.ts';
import { servicesWith } from '#test/build/queue.ts';

const ANN: Caller = { userId: 'U0ANN00001', name: 'Ann', teamId: 'T1', channelId: 'C1', via: 'command' };
const SHOP: Repository = { name: 'acme/shop', host: 'github', url: 'https://api.github.com', ref: 'main', path: 'deploy', channel: undefined, schedule: '0 5 * * *', timeZone: 'Europe/Paris' };

async function ask(text: string, repositories: readonly Repository[] = [SHOP]) {
  const started: unknown[] = [];
  const services = servicesWith({
    zone: 'UTC',
    repositories: {
      all: () => repositories,
      find: () => undefined,
      start: (...args) => Promise.resolve(void started.push(args)),
      download: () => Promise.reject(new Error('a command downloads nothing')),
      settings: () => Promise.reject(new Error('a command asks no code host')),
      state: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(),
    },
  });
  const { message } = await command.run(parseArguments(command, text === '' ? [] : [text]), ANN, services);
  return { message, started };
}

describe('commands/iac.ts', () => {
  test.each([
    ['acme/shop', { repository: 'acme/shop', ref: 'main', path: 'deploy' }],
    ['ACME/Shop', { repository: 'acme/shop', ref: 'main', path: 'deploy' }],
    ['acme/shop@v2', { repository: 'acme/shop', ref: 'v2', path: 'deploy' }],
    ['acme/shop@v2:charts/', { repository: 'acme/shop', ref: 'v2', path: 'charts' }],
  ])('%s is queued, for the channel where it was asked', async (text, target) => {
    const { message, started } = await ask(text);

    expect(started).toEqual([[target, { person: 'U0ANN00001', name: 'Ann' }, 'C1']]);
    expect(message.text).toBe(`Scan of ${target.repository}@${target.ref}:${target.path} queued.`);
  });

  test.each([
    ['acme/shpo', [SHOP], 'The repository "acme/shpo" is not configured. Did you mean acme/shop? Repositories: acme/shop.'],
    ['acme/shop', [], 'No repository is configured. They are listed under `repositories` in the configuration file.'],
    ['shop', [SHOP], '"shop" names no repository; it is written owner/name, owner/name@ref or owner/name@ref:path.'],
    ['acme/shop:../etc', [SHOP], '"../etc" is no path below the root of a repository.'],
  ])('%s is refused', async (text, repositories, message) => {
    await expect(ask(text, repositories)).rejects.toThrow(message);
  });

  test('without a repository it lists them with their schedules, each with a button', async () => {
    const { message, started } = await ask('');

    expect(started).toEqual([]);
    expect(JSON.stringify(message)).toContain('acme/shop@main:deploy');
    expect(JSON.stringify(message)).toContain('0 5 * * *');
    expect(message.blocks.at(-1)).toMatchObject({ type: 'actions', elements: [{ type: 'button', value: JSON.stringify({ command: 'iac', args: ['acme/shop'] }) }] });
  });

  test('says so when none is configured', async () => {
    expect((await ask('', [])).message.text).toBe('No repository is configured.');
  });
});
