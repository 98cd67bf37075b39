import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { settingsDocument, settingsOf, settingsPage, whyUnseen, type RepositorySettings } from '#src/model/repository-settings.ts';

const SETTINGS: RepositorySettings = { name: 'acme/shop', host: 'gitlab', unseen: {} };
const AT = 'https://code.example/acme/shop';

describe('src/model/repository-settings.ts', () => {
  test.each<[string, Record<string, unknown>]>([
    ['no list', { rules: 'none' }],
    ['an entry that is none', { rules: [7] }],
    ['writers without logins', { writers: [{ login: 'ann' }, { role: 'admin' }] }],
    ['a key that does not say whether it writes', { deployKeys: [{ title: 'a' }] }],
    ['a secret without a name', { secrets: [{}] }],
    ['authors without a beginning', { authors: { logins: ['ann'] } }],
    ['a visibility that is not known', { visibility: 'secret' }],
  ])('takes what does not fit as not seen: %s', (_, fields) => {
    expect(settingsOf({ ...settingsDocument(SETTINGS), ...fields })).toEqual(SETTINGS);
  });

  test('understands all of the document that the documentation shows', async () => {
    const [, text = ''] = /```yaml\n(apiVersion: k8ssec\.io[^`]*)```/.exec(await readFile('docs/operations.md', 'utf8')) ?? [];
    const { apiVersion: _, kind, metadata, ...fields } = parse(text) as Record<string, unknown>;

    expect(kind).toBe('RepositorySettings');
    expect(settingsOf({ metadata, ...fields })).toEqual({ name: 'acme/platform', ...fields });
  });

  test('says why a part was not seen, or what is missing', () => {
    expect(whyUnseen({ ...SETTINGS, unseen: { writers: 'HTTP 403' } }, 'writers')).toBe('HTTP 403');
    expect(whyUnseen(SETTINGS, 'writers')).toBe('the settings of the repository do not tell who may write');
    expect(settingsOf({ ...settingsDocument(SETTINGS), unseen: { writers: 'HTTP 403', weather: 'rain' } }).unseen).toEqual({ writers: 'HTTP 403' });
  });

  test.each<[RepositorySettings['host'], string, string, string]>([
    ['github', 'visibility', 'Settings', 'settings'],
    ['github', 'rules', 'Branch settings', 'settings/branches'],
    ['github', 'secrets', 'Actions secrets', 'settings/secrets/actions'],
    ['gitlab', 'writers', 'Members', '-/project_members'],
    ['gitlab', 'deployKeys', 'Repository settings', '-/settings/repository'],
    ['gitlab', 'visibility', 'Settings', 'edit'],
  ])('%s: %s are changed on the page %s', (host, part, page, path) => {
    expect(settingsPage({ ...SETTINGS, host }, AT, [part, 0])).toEqual({ page, url: `${AT}/${path}` });
  });
});
