import { describe, expect, test } from '@jest/globals';
import type { BlockJson } from '#src/sandbox/slack/page/contract.ts';
import { blocksHtml, words } from '../show.tsx';

function shown(...elements: readonly BlockJson[]): string {
  return blocksHtml([{ type: 'rich_text', elements }]).replace(/^<div class="blocks"><div class="rich-text">|<\/div><\/div>$/g, '');
}

function leaf(...leaves: readonly BlockJson[]): string {
  return shown({ type: 'rich_text_section', elements: leaves }).replace(/^<div class="rich-section">|<\/div>$/g, '');
}

describe('src/sandbox/web/blocks/rich-text.tsx', () => {
  test.each([
    [{ type: 'text', text: '*literal* _text_ <@UANN> <b> :warning:' }, '*literal* _text_ &lt;@UANN&gt; &lt;b&gt; :warning:'],
    [{ type: 'text', text: 'a\nb' }, 'a<br/>b'],
    [{ type: 'text', text: 'x', style: { bold: true, italic: true } }, '<em><strong>x</strong></em>'],
    [{ type: 'text', text: 'x', style: { code: true, strike: true } }, '<s><code>x</code></s>'],
    [{ type: 'user', user_id: 'UBO' }, '<span class="mention" title="Bo Approver">@bo</span>'],
    [{ type: 'usergroup', usergroup_id: 'SAPPR' }, '<span class="mention" title="Security approvers">@sec-approvers</span>'],
    [{ type: 'channel', channel_id: 'CPROD' }, '<button type="button" class="mention mention-link">#sec-prod</button>'],
    [{ type: 'broadcast', range: 'channel' }, '<span class="mention mention-me">@channel</span>'],
    [{ type: 'emoji', name: 'rocket' }, '<span class="emoji" role="img" aria-label="rocket" title=":rocket:">🚀</span>'],
    [{ type: 'emoji', name: 'unheard_of', unicode: '1f6e1-fe0f' }, '🛡️'],
    [{ type: 'emoji', name: 'unheard_of', unicode: 'zz' }, ':unheard_of:'],
    [{ type: 'link', url: 'https://a.example', text: 'page' }, '<a href="https://a.example" target="_blank" rel="noopener noreferrer" title="https://a.example">page</a>'],
    [{ type: 'link', url: 'javascript:alert(1)', text: 'page' }, 'page'],
    [{ type: 'color', value: '#ff0000' }, '<code>#ff0000</code>'],
  ])('shows the leaf %j', (given, expected) => {
    expect(leaf(given)).toBe(expected);
  });

  test('shows dates on the clock of the person, and the fallback where that fails', () => {
    const timestamp = Date.parse('2026-11-23T08:00:00Z') / 1000;

    expect(words(leaf({ type: 'date', timestamp, format: '{date_short_pretty} {time} ({ago})', fallback: 'f' }))).toBe('Today 09:00 (1 hour ago)');
    expect(words(leaf({ type: 'date', timestamp, format: '{nonsense}', fallback: 'f' }))).toBe('f');
  });

  test('nests lists by their indent and numbers them from their offset', () => {
    const item = { type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] };

    expect(shown({ type: 'rich_text_list', style: 'bullet', elements: [item, item] })).toBe('<ul data-depth="0" data-bullet="0"><li>x</li><li>x</li></ul>');
    expect(shown({ type: 'rich_text_list', style: 'ordered', indent: 1, offset: 3, elements: [item] })).toBe('<ol data-depth="1" start="4" data-number="lower-alpha"><li>x</li></ol>');
  });

  test('keeps the spaces of preformatted text', () => {
    expect(shown({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a:\n  b' }] })).toBe('<pre>a:<br/>  b</pre>');
  });

  test('marks quotes', () => {
    expect(shown({ type: 'rich_text_quote', elements: [{ type: 'text', text: 'said' }] })).toBe('<blockquote>said</blockquote>');
  });
});
