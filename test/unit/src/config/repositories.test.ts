import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '#src/config/faults.ts';
import { loadConfig } from '#src/config/load.ts';
import { withFolder } from '#test/build/files.ts';

async function load(yaml: string): Promise<unknown> {
  return withFolder<unknown>({ 'k8ssec.yaml': yaml }, (folder) => {
    try {
      return Promise.resolve(loadConfig({ env: { K8SSEC_CONFIG: `${folder}/k8ssec.yaml` }, flags: {}, kinds: [], sources: [] }).repositories);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return Promise.resolve(error.faults.map(({ name, problem }) => `${name.replace(`${folder}/k8ssec.yaml: `, '')} ${problem}`));
    }
  });
}

describe('src/config/repositories.ts', () => {
  test('what is left out is that of the code host, of all, or nothing', async () => {
    expect(await load('channel: C0ALL\ntimeZone: Europe/Paris\nrepositories:\n  - { name: acme/shop }\n  - { name: a/b/c, host: gitlab, token: { env: TOKEN }, path: deploy/, channel: C0MINE, schedule: "0 5 * * *" }\n')).toEqual([
      { name: 'acme/shop', host: 'github', url: 'https://api.github.com', channel: 'C0ALL', schedule: 'off', timeZone: 'Europe/Paris' },
      { name: 'a/b/c', host: 'gitlab', url: 'https://gitlab.com', token: { env: 'TOKEN' }, path: 'deploy', channel: 'C0MINE', schedule: '0 5 * * *', timeZone: 'Europe/Paris' },
    ]);
  });

  test.each([
    ['{ name: shop }', 'repositories[0].name is no repository such as owner/name'],
    ['{ name: acme/shop, host: svn }', 'repositories[0].host'],
    ['{ name: acme/shop, url: "http://git.example" }', 'repositories[0].url must be an address that starts with https://'],
    ['{ name: acme/shop, url: "https://name:secret@git.example" }', 'repositories[0].url must be an address without name'],
    ['{ name: acme/shop, token: ghp_canary }', 'repositories[0].token'],
    ['{ name: acme/shop, ref: "../x" }', 'repositories[0].ref is no branch, tag or commit'],
    ['{ name: acme/shop, path: "../x" }', 'repositories[0].path is no path below the root of the repository'],
    ['{ name: acme/shop, schedule: daily }', 'repositories[0].schedule is no cron expression'],
    ['{ name: acme/shop, schedule: "0 5 * * *" }', 'repositories[0].channel is needed where there is a schedule and no channel for all'],
    ['{ name: acme/shop }\n  - { name: acme/shop }', 'repositories[1].name is used twice'],
  ])('refuses %s', async (entry, fault) => {
    const faults = await load(`repositories:\n  - ${entry}\n`);

    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(JSON.stringify(faults)).not.toMatch(/canary|secret@/);
  });
});
