import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startBot, type Bot } from '#test/build/bot.ts';
import { scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(30_000);

const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' } };

let bot: Bot;
let endHurry: () => Promise<void>;

async function gapsOf(clusters: string): Promise<string> {
  bot = await startBot({ objects: [NODE], contexts: ['prod'], file: `clusters: [${clusters}]\n` });
  endHurry = hurry(bot);
  const message = await scanned(bot);
  return bot.slack.as('ann').messages(message).map(({ words }) => words).join('\n');
}

describe('flow: settings of kubelets', () => {
  afterEach(async () => {
    await endHurry();
    await bot.stop();
  });

  test('are not asked for unless the configuration says so', async () => {
    expect(await gapsOf('{ name: prod }')).toContain('neither settings nor flags of a kubelet were read');
  });

  test('are asked for through the API server where the configuration says so, and a kubelet that does not answer is told', async () => {
    expect(await gapsOf('{ name: prod, readKubelets: true }')).toContain('a kubelet could not be asked for its settings (500): node/kubelet-config');
  });
});
