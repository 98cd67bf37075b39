import { describe, expect, test } from '@jest/globals';
import { markingAgent, marksIn } from '#src/model/self-test.ts';

const [A, B] = ['a1'.repeat(16), 'b2'.repeat(16)] as [string, string];

describe('src/model/self-test.ts', () => {
  test.each([
    ['an audit log of Kubernetes', JSON.stringify({ userAgent: markingAgent(A), other: 1 }), [A]],
    ['a log that holds another one as a text', JSON.stringify({ properties: { log: JSON.stringify({ userAgent: markingAgent(A) }) } }), [A]],
    ['two stages of one request, and another one', `{"userAgent":"${markingAgent(A)}"}\n{"userAgent":"${markingAgent(B)}"}\n{"userAgent":"${markingAgent(A)}"}`, [A, B]],
    ['other requests of the bot', '{"userAgent":"k8ssec"}', []],
    ['half a mark', markingAgent(A.slice(0, 30)), []],
  ])('the marks of %s', (_, text, marks) => {
    expect(marksIn(text)).toEqual(marks);
  });
});
