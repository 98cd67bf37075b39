import { describe, expect, test } from '@jest/globals';
import type { PageFile, PageMessage } from '#src/sandbox/slack/page/contract.ts';
import { MessageView, type MessageProps } from '#src/sandbox/web/shell/message-view.tsx';
import { html, words } from '../show.tsx';

const FILE: PageFile = { id: 'F1', name: 'findings.csv', title: 'Findings', altText: '', mimeType: 'text/csv', size: 2048, url: '/sandbox/files/F1/findings.csv' };

function shown(more: Partial<PageMessage>, props: Partial<MessageProps> = {}): string {
  const message: PageMessage = {
    ...{ ts: String(Date.parse('2026-11-23T08:05:00Z') / 1000), author: 'UAPP', text: '*Hello*', blocks: [], attachments: [], isBroadcast: false, isEphemeral: false },
    ...{ isEdited: false, files: [], pictures: [], values: {} },
    ...more,
  };
  return html(<MessageView channel="CPROD" message={message} isContinued={false} onOpenThread={() => undefined} shortcuts={[]} {...props} />);
}

describe('src/sandbox/web/shell/message-view.tsx', () => {
  test('names the author, says that it is an app, and tells the time where the person is', () => {
    expect(words(shown({}))).toBe('k8ssec App 09:05 Hello');
  });

  test('shows the text only where there are no blocks', () => {
    expect(words(shown({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Blocks' } }] }))).toBe('k8ssec App 09:05 Blocks');
  });

  test('says who else sees it, and that it was changed', () => {
    expect(words(shown({ isEphemeral: true, isEdited: true }))).toBe('Only visible to you · Dismiss k8ssec App 09:05 Hello (edited)');
  });

  test('leads to its thread', () => {
    const thread = { count: 3, authors: ['UBO'], last: new Date('2026-11-23T08:45:00Z') };

    expect(words(shown({}, { thread }))).toBe('k8ssec App 09:05 Hello BA 3 replies Last reply 15 minutes ago');
  });

  test('offers files for download', () => {
    const markup = shown({ text: '', files: [FILE] });

    expect(words(markup)).toContain('Findings findings.csv · 2.0 kB');
    expect(markup).toContain('href="/sandbox/files/F1/findings.csv" download="findings.csv"');
  });

  test.each([
    [{ color: '#ff0000', text: 'Legacy *text*', title: 'Title', fields: [{ title: 'Field', value: 'Value' }] }, 'Title Legacy text Field Value'],
    [{ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'In blocks' } }] }, 'In blocks'],
    [{ fallback: 'Fallback' }, 'Fallback'],
    [{ sound: 'beep' }, '"sound": "beep"'],
  ])('shows the attachment %j', (attachment, expected) => {
    expect(words(shown({ text: '', attachments: [attachment] }))).toContain(expected);
  });
});
