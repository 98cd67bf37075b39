import { describe, expect, test } from '@jest/globals';
import { Mrkdwn } from '#src/sandbox/web/text/mrkdwn-view.tsx';
import { html, words } from '../show.tsx';

function shown(text: string, isVerbatim = true): string {
  return html(<Mrkdwn text={text} isVerbatim={isVerbatim} />).replace(/^<div class="mrkdwn">|<\/div>$/g, '');
}

function line(text: string): string {
  return `<div><div class="line">${text}</div></div>`;
}

describe('src/sandbox/web/text/mrkdwn-view.tsx', () => {
  test.each([
    ['*bold* _italic_ ~gone~', '<strong>bold</strong> <em>italic</em> <s>gone</s>'],
    ['*bold _and italic_*', '<strong>bold <em>and italic</em></strong>'],
    ['(*bold*), *bold*.', '(<strong>bold</strong>), <strong>bold</strong>.'],
    ['`code *not bold*`', '<code>code *not bold*</code>'],
    ['*see `a*b` here*', '<strong>see <code>a*b</code> here</strong>'],
    ['*see <https://a.example/*x*|the page> here*', '<strong>see <a href="https://a.example/*x*" target="_blank" rel="noopener noreferrer" title="https://a.example/*x*">the page</a> here</strong>'],
  ])('shows %s with its styles', (text, expected) => {
    expect(shown(text)).toBe(line(expected));
  });

  test.each(['2*3*4', 'snake_case_name', '~/.kube/config', 'a * b * c', '* item', '**', '*', '``', '_*~', '*open', '5 * 3_', ':nope:', '10:30:45', '<>', '<', '< a >', '<!unknown>', '<foo>'])(
    'leaves %s as it was written',
    (text) => {
      expect(words(shown(text))).toBe(text);
      expect(shown(text)).not.toMatch(/<(strong|em|s|code|a)\b/);
    },
  );

  test.each([
    ['<@UANN>', '<span class="mention mention-me" title="Ann Operator">@ann</span>'],
    ['<@UBO|bo>', '<span class="mention" title="Bo Approver">@bo</span>'],
    ['<@UNOBODY>', '<span class="mention" title="UNOBODY">@UNOBODY</span>'],
    ['<!subteam^SAPPR>', '<span class="mention" title="Security approvers">@sec-approvers</span>'],
    ['<!subteam^SGONE|@old-team>', '<span class="mention" title="SGONE">@old-team</span>'],
    ['<#CPROD|sec-prod>', '<button type="button" class="mention mention-link">#sec-prod</button>'],
    ['<#CSECRET>', '<span class="mention">#private-channel</span>'],
    ['<!here>', '<span class="mention mention-me">@here</span>'],
    [':warning:', '<span class="emoji" role="img" aria-label="warning" title=":warning:">⚠️</span>'],
    ['<mailto:ann@corp.example|Ann>', '<a href="mailto:ann@corp.example" target="_blank" rel="noopener noreferrer" title="mailto:ann@corp.example">Ann</a>'],
  ])('shows %s by name', (text, expected) => {
    expect(shown(text)).toBe(line(expected));
  });

  test('shows dates on the clock of the person', () => {
    const unix = Date.parse('2026-11-23T08:30:00Z') / 1000;

    expect(words(shown(`<!date^${unix}^{date_short_pretty} {time}|fallback>`))).toBe('Today 09:30');
    expect(words(shown(`<!date^${unix - 86_400}^Seen {date_short_pretty} at {time_secs}|fallback>`))).toBe('Seen yesterday at 09:30:00');
  });

  test.each(['<!date^soon^{time}|fallback>', '<!date^1764100000^{nonsense}|fallback>', '<!date^1764100000^no token|fallback>', '<!date^^{time}|fallback>'])('shows the fallback for %s', (text) => {
    expect(words(shown(text))).toBe('fallback');
  });

  test('shows quotes, items and code in lines of their own', () => {
    expect(shown('before\n&gt; a *quote*\n&gt;goes on\n• one\n  • two\n1. first\n```\nkind: *Pod*\n  x: 1\n```\nafter')).toBe(
      [
        '<div><div class="line">before</div></div>',
        '<blockquote><div class="line">a <strong>quote</strong></div><div class="line">goes on</div></blockquote>',
        '<div><div class="line line-item" data-depth="0"><span class="line-marker">•</span><span>one</span></div>',
        '<div class="line line-item" data-depth="1"><span class="line-marker">•</span><span>two</span></div>',
        '<div class="line line-item" data-depth="0"><span class="line-marker">1.</span><span>first</span></div></div>',
        '<pre>kind: *Pod*\n  x: 1</pre>',
        '<div><div class="line">after</div></div>',
      ].join(''),
    );
  });

  test('quotes all that follows three signs', () => {
    expect(shown('&gt;&gt;&gt; one\ntwo')).toBe('<blockquote><div class="line">one</div><div class="line">two</div></blockquote>');
  });

  test('links bare addresses only where Slack does', () => {
    expect(shown('see https://a.example/b?c=1&amp;d=2.', false)).toBe(
      line('see <a href="https://a.example/b?c=1&amp;d=2" target="_blank" rel="noopener noreferrer" title="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.'),
    );
    expect(shown('see https://a.example', true)).toBe(line('see https://a.example'));
  });

  test('keeps empty lines', () => {
    expect(shown('a\n\nb')).toBe('<div><div class="line">a</div><div class="line">\u00a0</div><div class="line">b</div></div>');
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '&lt;img src=x onerror=alert(1)&gt;',
    '`</code><script>alert(1)</script>`',
    '```</pre><script>alert(1)</script>```',
    '<javascript:alert(1)|click>',
    '<JaVaScRiPt:alert(1)>',
    '<data:text/html,<b>x</b>|click>',
    '<https://a.example" onmouseover="alert(1)|click>',
    '<https://a.example|</a><script>alert(1)</script>>',
    '<@U1"><script>alert(1)</script>>',
    '<!date^1764100000^{time}^javascript:alert(1)|x>',
    '<!date^1764100000^<b>{time}</b>|x>',
    ':"><script>:',
    '*<script>alert(1)</script>*',
  ])('makes no markup of %s', (text) => {
    const markup = shown(text, false);

    expect(markup).not.toMatch(/<(script|img|b)\b/i);
    for (const [tag] of markup.matchAll(/<[a-z][^>]*>/gi)) {
      expect(tag).not.toMatch(/\son\w+=[^"]*$|"\s+on\w+=/i);
      expect(tag).not.toMatch(/href="(?!https?:|mailto:)/i);
    }
  });

  test.each([
    ['stars', '*'.repeat(3000)],
    ['stars that open and never close', '*a '.repeat(1000)],
    ['every sign in turn', '_*~`<'.repeat(600)],
    ['nested signs', '*_'.repeat(1500)],
    ['brackets', '<'.repeat(3000)],
    ['half addresses', 'http'.repeat(750)],
    ['half emoji', ':a'.repeat(1500)],
    ['code marks', '`a'.repeat(1500)],
  ])(
    'reads 3000 characters of %s within a moment and loses no word',
    (_what, text) => {
      const kept = (of: string): string => of.replaceAll(/[*_~`\s]/g, '');

      expect(kept(words(shown(text, false)))).toBe(kept(text));
    },
    1000,
  );
});
