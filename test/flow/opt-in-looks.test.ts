import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startBot, type Bot } from '#test/build/bot.ts';
import { scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(30_000);

/** With an address of this machine, so that nobody else is asked. */
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, status: { addresses: [{ type: 'ExternalIP', address: '127.0.0.1' }] } };

let bot: Bot;
let endHurry: () => Promise<void>;

afterEach(async () => {
  await endHurry();
  await bot.stop();
});

/** What a scan of a cluster with these settings says, its thread included. */
async function saidOf(settings: string): Promise<string> {
  bot = await startBot({ objects: [NODE], contexts: ['prod'], file: `clusters: [{ name: prod${settings} }]\n` });
  endHurry = hurry(bot);
  const message = await scanned(bot);
  return bot.slack.as('ann').messages(message).map(({ words }) => words).join('\n');
}

describe('flow: looks that the configuration has to ask for', () => {
  test('neither settings of kubelets nor port 22 nor files of nodes are looked at by themselves, and the scan says so', async () => {
    const said = await saidOf('');

    expect(said).toContain('neither settings nor flags of a kubelet were read');
    expect(said).toContain('the bot may not try port 22 of the nodes (probeSsh of the cluster)');
    expect(said).toContain('files of nodes are looked at only where the DaemonSet k8ssec-node-files runs');
  });

  test('where kubelets are to be asked, one that does not answer is told', async () => {
    expect(await saidOf(', readKubelets: true')).toContain('a kubelet could not be asked for its settings (500): node/kubelet-config');
  });

  test('where port 22 is to be tried, it is, so that its check is not among those that were not evaluated', async () => {
    const said = await saidOf(', probeSsh: true');

    expect(said).toMatch(/Not evaluated: \d+ checks[^]*node\/kubelet-config/);
    expect(said).not.toMatch(/node\/ssh-reachable|port 22/);
  });
});
