import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import type { SeenFile, SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from '#test/build/bot.ts';
import { ask, logged } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(30_000);

const DAY_MS = 24 * 3600_000;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const NEW_DOOR = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'probe', namespace: 'monitoring' }, spec: { type: 'NodePort', selector: { app: 'node-probe' }, ports: [{ port: 9100, targetPort: 9100, nodePort: 30910 }] } };

let bot: Bot;
let endHurry: (() => Promise<void>) | undefined;

async function start(options: BotOptions = {}): Promise<void> {
  bot = await startBot({ objects: demoObjects(), ...options });
  endHurry = hurry(bot);
}

const ann = () => bot.slack.as('ann');

/** Has a map drawn, and reads what is said about it once that is there. */
async function mapped(text = 'map'): Promise<SeenMessage> {
  const known = new Set(ann().messages(CHANNEL).map(({ ts }) => ts));
  await ask(bot, text);
  return ann().sees(CHANNEL, ({ ts, isEphemeral, words }) => !isEphemeral && !known.has(ts) && words.includes('etwork map of'));
}

/** The picture that follows a message. */
async function pictureAfter({ ts }: SeenMessage): Promise<SeenFile> {
  const { files } = await ann().sees(CHANNEL, (message) => message.ts > ts && message.threadTs === undefined && message.files.length > 0);
  const [file] = files;
  if (file === undefined) throw new Error('there is no picture');
  return file;
}

describe('flow: a network map', () => {
  afterEach(async () => {
    bot.kube.faults.clear();
    await endHurry?.();
    await bot.stop();
  });

  test('is answered at once, told in words, and drawn in the channel', async () => {
    await start();

    const answer = await ask(bot, 'map demo');
    const message = await ann().sees(CHANNEL, ({ isEphemeral, words }) => !isEphemeral && words.includes('Network map of'));
    const picture = await pictureAfter(message);
    const bytes = Buffer.from(picture.content, 'base64');

    expect(answer).toMatchObject({ isEphemeral: true, words: 'The network map of demo is being drawn. It comes to this conversation.' });
    expect(message.words).toMatch(/3 ways in from the internet · asked for by @ann/i);
    expect(message.words).toContain('LoadBalancer monitoring/grafana → monitoring/grafana[Deployment] · TCP/3000');
    expect([...bytes.subarray(0, 8)]).toEqual(SIGNATURE);
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(800);
    expect(bytes.readUInt32BE(20)).toBeGreaterThan(800);
    expect(picture.name).toMatch(/^network-map-\d{4}-\d\d-\d\d\.png$/);
    expect(picture.altText).toMatch(/^Network map of demo, .*3 ways in from the internet: .*No connections are observed for this map\.$/);
  });

  test('says on the next day what is new and what is gone', async () => {
    await start();
    const first = await mapped();
    await pictureAfter(first);
    bot.kube.objects.put(NEW_DOOR);
    bot.kube.objects.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'monitoring', name: 'grafana' });
    bot.clock.skip(DAY_MS);

    const second = await mapped();

    expect(first.words).not.toContain('since');
    expect(second.words).toMatch(/1 new connection and 1 gone one since/);
    expect(second.words).toContain('NEW NodePort monitoring/probe → monitoring/node-probe[DaemonSet] · TCP/9100');
    expect(second.words).toContain('GONE LoadBalancer monitoring/grafana → monitoring/grafana[Deployment]');
    expect((await pictureAfter(second)).altText).toContain('1 new, 1 gone');
  });

  test('is a list where the bot may post no files', async () => {
    await start({ slack: { optionalScopes: false } });

    const message = await mapped();

    expect(message.words).toContain('No picture: the bot may not post files');
    expect(ann().messages(CHANNEL).flatMap(({ files }) => files)).toEqual([]);
    expect(bot.slack.requests('files.getUploadURLExternal')).toEqual([]);
  });

  test('shows one namespace, and says which there are not', async () => {
    await start();

    const some = await mapped('map -n monitoring');
    await pictureAfter(some);
    const none = await mapped('map -n monitorin');

    expect(some.words).toMatch(/Network map of .*demo.*, namespace .*monitoring.*1 way in/);
    expect(none.words).toContain('there is no namespace "monitorin"; did you mean "monitoring"?');
  });

  test('is not half a map: what could not be read is said instead', async () => {
    await start();
    bot.kube.faults.add({ resource: 'networkpolicies' }, { kind: 'refuse', code: 403 });

    const message = await mapped();

    expect(message.words).toMatch(/No network map of [^]*no permission to list networkpolicies/);
    expect(logged(bot, 'error').map(({ msg }) => msg)).toContain('a network map could not be drawn');
  });
});
