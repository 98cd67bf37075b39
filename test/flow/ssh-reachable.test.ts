import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startBot, type Bot } from '#test/build/bot.ts';
import { scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(30_000);

/** An address of this machine, so that nobody else is asked. */
const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, status: { addresses: [{ type: 'ExternalIP', address: '127.0.0.1' }] } };

let bot: Bot;
let endHurry: () => Promise<void>;

async function gapsOf(clusters: string): Promise<string> {
  bot = await startBot({ objects: [NODE], contexts: ['prod'], file: `clusters: [${clusters}]\n` });
  endHurry = hurry(bot);
  const message = await scanned(bot);
  return bot.slack.as('ann').messages(message).map(({ words }) => words).join('\n');
}

describe('flow: port 22 of nodes', () => {
  afterEach(async () => {
    await endHurry();
    await bot.stop();
  });

  test('is not tried unless the configuration says so, and the scan says that it was not', async () => {
    expect(await gapsOf('{ name: prod }')).toContain('the bot may not try port 22 of the nodes (probeSsh of the cluster)');
  });

  test('is tried where the configuration says so', async () => {
    expect(await gapsOf('{ name: prod, probeSsh: true }')).not.toContain('may not try port 22');
  });
});
