import { describe, expect, test } from '@jest/globals';
import type { PageMessage } from '#src/sandbox/slack/page/contract.ts';
import { continues, messagesOfThread, standsInChannel, threadsIn } from '#src/sandbox/web/shell/threads.ts';

function message(ts: string, author: string, more: Partial<PageMessage> = {}): PageMessage {
  return { ts, author, text: 'x', blocks: [], attachments: [], isBroadcast: false, isEphemeral: false, isEdited: false, files: [], pictures: [], values: {}, ...more };
}

describe('src/sandbox/web/shell/threads.ts', () => {
  const first = message('100.0', 'UANN');
  const reply = message('200.0', 'UBO', { threadTs: '100.0' });
  const broadcast = message('300.0', 'UBO', { threadTs: '100.0', isBroadcast: true });
  const other = message('400.0', 'UANN');
  const all = [first, reply, broadcast, other];

  test('sums up who replied and when', () => {
    expect(threadsIn(all)).toEqual(new Map([['100.0', { count: 2, authors: ['UBO'], last: new Date(300_000) }]]));
  });

  test('leaves replies out of the channel unless they were sent to it as well', () => {
    expect(all.filter(standsInChannel)).toEqual([first, broadcast, other]);
  });

  test('puts a thread together with its first message', () => {
    expect(messagesOfThread(all, '100.0')).toEqual([first, reply, broadcast]);
  });

  test.each([
    [message('160.0', 'UANN'), true],
    [message('160.0', 'UBO'), false],
    [message('500.0', 'UANN'), false],
    [message('160.0', 'UANN', { isEphemeral: true }), false],
    [message('160.0', 'UANN', { isBroadcast: true, threadTs: '1.0' }), false],
  ])('gives %j a head of its own unless it goes on at once', (next, expected) => {
    expect(continues(next, first)).toBe(expected);
    expect(continues(next, undefined)).toBe(false);
  });
});
