import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';
import { aNamespace } from '#test/build/objects.ts';

jest.setTimeout(30_000);

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', labels: { team: 'team-shop' } }, spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'registry.example/web:1', ports: [{ containerPort: 8080 }] }] } } } };
const door = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 443, targetPort: 8080 }] } });

let bot: Bot;
let endHurry: () => Promise<void>;

beforeAll(async () => {
  bot = await startBot({ objects: [aNamespace('shop'), WEB, door('old')] });
  endHurry = hurry(bot);
});

afterEach(() => bot.kube.faults.clear());

afterAll(async () => {
  await endHurry();
  await bot.stop();
});

const told = (): readonly SeenMessage[] => bot.slack.as('ann').messages(CHANNEL).filter(({ words }) => words.includes('New on the internet'));

describe('flow: what the internet has come to reach', () => {
  test('is told at once by the scan that sees it, with way, owner and finding; never by the first scan', async () => {
    await scanned(bot);
    expect(told()).toEqual([]);

    bot.kube.objects.put(door('web'));
    await scanned(bot);
    const message = await bot.slack.as('ann').sees(CHANNEL, ({ words }) => words.includes('New on the internet'));

    expect(message.words).toContain('internet → LoadBalancer shop/web → Deployment shop/web (3 pods) · owner team-shop');
    expect(message.words).not.toContain('shop/old');
    expect(message.words).toMatch(/owner team-shop {2}[0-9a-f]{8}/);

    await scanned(bot);
    expect(told()).toHaveLength(1);
  });
});
