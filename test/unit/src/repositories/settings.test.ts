import { describe, expect, test } from '@jest/globals';
import type { Repository } from '#src/model/repositories.ts';
import { settingsDocument, settingsOf } from '#src/model/repository-settings.ts';
import { readSettings } from '#src/repositories/settings.ts';
import { readOnce } from '#test/fakes/code-host.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

describe('src/repositories/settings.ts', () => {
  test('without a token nothing is asked, and every part is unseen', async () => {
    const repository: Repository = { name: 'acme/shop', host: 'github', url: 'http://127.0.0.1:1', channel: undefined, schedule: 'off', timeZone: 'UTC' };

    const settings = await readSettings(repository, { deps: createSourceDeps({}), signal: new AbortController().signal, departed: new Map() });

    expect(settings).toEqual({ name: 'acme/shop', host: 'github', readAt: '2026-11-23T08:00:00.000Z', unseen: expect.objectContaining({ visibility: 'no token for the repository is configured', secrets: 'no token for the repository is configured' }) as unknown });
  });

  test('a token that is refused is tried once', async () => {
    const { settings, asked } = await readOnce('github', { '/repos/acme/shop': 401 });

    expect(asked).toHaveLength(1);
    expect(new Set(Object.values(settings.unseen))).toEqual(new Set(['GitHub refuses the credentials (HTTP 401)']));
  });

  test('an answer that cannot be understood hides its part alone', async () => {
    const { settings } = await readOnce('github', { '/repos/acme/shop': { private: true, default_branch: 'main', owner: { type: 'Organization' } }, '/repos/acme/shop/keys': { message: 'x' } });

    expect(settings.visibility).toBe('private');
    expect(settings.unseen.deployKeys).toMatch(/^GitHub /);
  });

  test('ends when it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('stop'));
    const repository: Repository = { name: 'acme/shop', host: 'github', url: 'http://127.0.0.1:1', token: { env: 'TOKEN' }, channel: undefined, schedule: 'off', timeZone: 'UTC' };

    await expect(readSettings(repository, { deps: createSourceDeps({ TOKEN: 'x' }), signal: controller.signal, departed: new Map() })).rejects.toThrow('stop');
  });

  test('what was read is the same as a document', async () => {
    const { settings } = await readOnce('github', { '/repos/acme/shop': { private: false, default_branch: 'main', owner: { type: 'Organization' } } });

    expect(settingsOf(settingsDocument(settings))).toEqual(settings);
  });
});
