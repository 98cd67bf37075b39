import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { demoObjects } from '#src/sandbox/demo/objects.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { CHANNEL, startBot, type Bot } from '#test/build/bot.ts';
import { ask, scanned } from '#test/build/conversation.ts';
import { hurry } from '#test/build/hurry.ts';

jest.setTimeout(60_000);

const FILE = `
clusters:
  - { name: prod, channel: ${seededId('channel', CHANNEL)} }
  - { name: never }
roles: { operator: ['*'] }
`;

describe('flow: reports by framework', () => {
  let bot: Bot;
  let endHurry: () => Promise<void>;

  beforeAll(async () => {
    bot = await startBot({ objects: demoObjects(), file: FILE, contexts: ['prod', 'never'] });
    endHurry = hurry(bot);
    await scanned(bot, 'scan prod');
  });

  afterAll(async () => {
    await endHurry();
    await bot.stop();
  });

  const ann = () => bot.slack.as('ann');
  const seen = new Set<string>();

  /** The message of a report that was asked for, once its file is in the thread. */
  async function reported(text: string, title: string): Promise<{ readonly message: SeenMessage; readonly name: string; readonly content: string }> {
    await ask(bot, text);
    const message = await ann().sees(CHANNEL, ({ ts, words, isEphemeral }) => !isEphemeral && !seen.has(ts) && words.includes(title));
    seen.add(message.ts);
    const { files } = await ann().sees(message, ({ files: attached }) => attached.length > 0);
    return { message, name: files[0]?.name ?? '', content: files[0]?.content ?? '' };
  }

  test.each([
    ['report pss prod --format html', 'Pod Security Standards v1.37', 19],
    ['report prod --format html', 'CIS Kubernetes Benchmark v1.12', 131],
    ['report prod NSA --format html', 'NSA/CISA Kubernetes Hardening Guide v1.2', 26],
  ])('%s posts score and coverage together, the worst failed controls, and the whole as a file', async (text, title, count) => {
    const { message, content: html } = await reported(text, title);

    expect(message.words).toMatch(new RegExp(`Score \\*?\\d+ %\\*?: \\d+ of \\d+ evaluated controls passed\\s+Coverage \\*?\\d+ %\\*?: \\d+ of ${count} controls evaluated`));
    expect(message.words).toMatch(/Failed: \d+ controls?\n• (CRITICAL|HIGH) · /);
    expect(message.text).toContain('prod');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html.match(/<td class="(passed|failed|not-evaluated|not-covered)">/g)).toHaveLength(count);
  });

  test('attaches a PDF, which Slack shows, unless another format is asked for', async () => {
    const { name, content } = await reported('report nsa prod', 'NSA/CISA');
    const bytes = Buffer.from(content, 'base64');

    expect(name).toMatch(/^k8ssec-nsa-\d{4}-\d\d-\d\d\.pdf$/);
    expect(bytes.toString('latin1')).toMatch(/^%PDF-1\.\d\n[^]*\n%%EOF\s*$/);
    // A byte that became a character on its way would have moved the table of objects away from where the end says.
    const table = Number(/startxref\s+(\d+)/.exec(bytes.toString('latin1'))?.[1]);
    expect(bytes.toString('latin1', table, table + 4)).toBe('xref');
  });

  test('says what was not evaluated and why', async () => {
    const { message } = await reported('report cis prod', 'CIS Kubernetes Benchmark');

    expect(message.words).toMatch(/Not evaluated, and so not passed: \d+ controls?\n• /);
  });

  test('asks which cluster is meant', async () => {
    const answer = await ask(bot, 'report nsa');

    expect(answer.words).toContain('Which cluster?');
    expect(answer.elements).toEqual(['prod', 'never']);
  });

  test.each([
    ['report never', 'The whole of never has not been scanned yet'],
    ['report iso prod', 'None of "iso" and "prod" is a framework. Known: pss, cis, nsa.'],
    ['report pss prod --format docx', 'There is no format "docx". Known: pdf, html, json.'],
    ['report pss gone', 'There is no cluster "gone".'],
  ])('%s is refused', async (text, message) => {
    expect((await ask(bot, text)).words).toContain(message);
  });
});
