import { describe, expect, test } from '@jest/globals';
import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, date, fields, header, homeMessage, line, link, message, preformatted, richText, section, textAlone, words } from '#src/blocks/build.ts';
import { checkMessage } from '#src/blocks/checker.ts';
import { md, ours } from '#src/blocks/text.ts';

const LEFT_OUT = 'The rest is left out: it is more than Slack takes in one message.';

function textOf(block: KnownBlock | undefined): string {
  if (block?.type === 'context' && block.elements[0]?.type === 'mrkdwn') return block.elements[0].text;
  return block?.type === 'section' ? (block.text?.text ?? '') : '';
}

describe('src/blocks/build.ts', () => {
  describe('a message', () => {
    test('S13, S14: has a summary that Slack cannot read as anything but words', () => {
      expect(message('<!channel> *now* & `here`', []).text).toBe('&lt;!channel&gt; ∗now∗ &amp; \'here\'');
    });

    test('S13: cuts its summary to 300 characters, never inside an entity', () => {
      for (const part of ['a', '&', '<x> ', '👍🏽']) {
        const { text } = message(part.repeat(500), []);
        expect(text.length).toBeLessThanOrEqual(300);
        expect(text).toMatch(/…$/);
        expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
      }
    });

    test('leaves out at the end what is more than Slack takes, and says so', () => {
      const many = message('T', Array.from({ length: 51 }, (_, index) => section(md`${index}`)));
      const long = message('T', Array.from({ length: 9 }, () => section(ours('a'.repeat(3000)))));

      expect([many.blocks.length, textOf(many.blocks.at(-1))]).toEqual([50, LEFT_OUT]);
      expect([long.blocks.length, textOf(long.blocks.at(-1))]).toEqual([5, LEFT_OUT]);
      expect([...checkMessage(many), ...checkMessage(long)]).toEqual([]);
    });

    test('is whole when it just fits', () => {
      const blocks = Array.from({ length: 50 }, (_, index) => section(md`${index}`));

      expect(message('T', blocks).blocks).toEqual(blocks);
      expect(homeMessage('T', [...blocks, ...blocks]).blocks).toHaveLength(100);
    });

    test('can do without its blocks', () => {
      expect(textAlone(message('a & b', [section(md`a`)]))).toEqual({ text: 'a &amp; b', blocks: [] });
    });
  });

  test('nothing that is empty is sent, for Slack refuses it', () => {
    const blocks = [header(''), section(md``), fields([md``]), context(md``), actions(button('', { command: 'scan', args: [] }, { label: '' })), richText(bullets([]), line(words('')), preformatted(''), line(link('https://a.example', '')))];

    expect(checkMessage({ text: 'T', blocks })).toEqual([]);
  });

  test('everything that is too long is cut, for Slack refuses it', () => {
    const long = 'word '.repeat(4000);
    const confirm = { title: long, text: long, yes: long };
    const all = [
      [header(long), section(ours(long), button(long, { command: 'scan', args: [] }, { label: long, confirm, style: 'danger' }))],
      [fields(Array.from({ length: 12 }, () => ours(long.slice(0, 900))))],
      [context(...Array.from({ length: 12 }, () => ours(long.slice(0, 900))))],
      [richText(line(words(long)), line(link('https://a.example', long)), preformatted(long))],
    ];

    for (const blocks of all) expect(checkMessage({ text: 'T', blocks })).toEqual([]);
  });

  test('a cut in markup is made before an entity, a mention or a code span, not inside', () => {
    const filler = 'a'.repeat(2990);
    const cases = [`${filler}&amp;&amp;&amp;`, `${filler}<@U0ANN00001>`, `${filler}\`code span\``].map((mrkdwn) => textOf(section({ mrkdwn })));

    for (const text of cases) {
      expect(text.length).toBeLessThanOrEqual(3000);
      expect(text).toMatch(/a(&amp;)*…$/);
    }
  });

  test('evidence is shown as it is, in few lines', () => {
    const shown = preformatted(`${'x'.repeat(200)}\n${Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')}\n<!channel>`);
    const [leaf] = shown.type === 'rich_text_preformatted' ? shown.elements : [];
    const lines = (leaf?.type === 'text' ? leaf.text : '').split('\n');

    expect(lines).toHaveLength(9);
    expect(lines[0]).toHaveLength(120);
    expect(lines.slice(1)).toEqual(['line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6', '…']);
  });

  test('a header is one line', () => {
    expect(header('a\nb  c').text.text).toBe('a b c');
  });

  test('a time in rich text has a text for clients that cannot show it', () => {
    expect(date(new Date('2026-11-23T09:00:00Z'))).toEqual({ type: 'date', timestamp: 1795424400, format: '{date_short_pretty} {time}', fallback: '2026-11-23 09:00 UTC' });
  });
});
