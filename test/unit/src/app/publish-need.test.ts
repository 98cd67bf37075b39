import { describe, expect, test } from '@jest/globals';
import { publishNeed } from '#src/app/publish-need.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import { aNeedQuestion } from '#test/build/needs.ts';

async function published(more: Partial<NeedQuestion> = {}): Promise<readonly OutgoingMessage<unknown>[]> {
  const messages: OutgoingMessage<unknown>[] = [];
  const put = async <Data>(message: OutgoingMessage<Data>): Promise<void> => void messages.push(message);
  await publishNeed(aNeedQuestion(more), { put, putFile: () => Promise.resolve() });
  return messages;
}

describe('src/app/publish-need.ts', () => {
  test('the person and each owner get one message, by the version of the question', async () => {
    const messages = await published({ version: 4 });

    expect(messages).toMatchObject([
      { id: 'need/n1/U0BOB', channel: 'U0BOB', revision: 4, data: { reader: 'person' } },
      { id: 'need/n1/U0ANN', channel: 'U0ANN', revision: 4, data: { reader: 'owner' } },
    ]);
    expect((await published({ owners: ['U0ANN', 'U0ELI'] })).map(({ channel }) => channel)).toEqual(['U0BOB', 'U0ANN', 'U0ELI']);
  });

  test('every copy says the same when it is answered', async () => {
    const messages = await published({ state: 'given-up', request: 'r1', answer: { by: { person: 'U0BOB', name: 'bob' }, at: '2026-11-24T08:00:00.000Z' }, reminders: 1 });

    expect(messages.map(({ data }) => data)).toMatchObject([{ state: 'given-up', request: 'r1', answer: { by: { name: 'bob' } } }, { state: 'given-up', request: 'r1', answer: { by: { name: 'bob' } } }]);
  });

  test('why approvers could not be asked stands in every copy, without what only the bot needs to know', async () => {
    const messages = await published({ state: 'unanswered', hindrance: { why: 'prod is away', tries: 3, nextAt: '2026-11-24T08:00:00.000Z' } });

    expect(messages.map(({ data }) => data)).toMatchObject([{ hindered: 'prod is away' }, { hindered: 'prod is away' }]);
    expect(JSON.stringify(messages)).not.toContain('tries');
  });

  test('reminders stand in the thread of each copy, while there is something to answer', async () => {
    expect((await published({ reminders: 2 })).flatMap(({ id, thread }) => (thread === undefined ? [] : [`${id} in ${thread}`]))).toEqual(['need/n1/U0BOB/reminder/2 in need/n1/U0BOB', 'need/n1/U0ANN/reminder/2 in need/n1/U0ANN']);
    expect((await published({ reminders: 2, state: 'unanswered' })).filter(({ thread }) => thread !== undefined)).toEqual([]);
  });
});
