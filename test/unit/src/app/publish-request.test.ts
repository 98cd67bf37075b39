import { describe, expect, test } from '@jest/globals';
import { publishRequest } from '#src/app/publish-request.ts';
import type { Outbox, OutgoingMessage } from '#src/model/outbox.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { aRequest, removalOf } from '#test/build/request.ts';

const ANN = { person: 'U0ANN00001', name: 'Ann' };

async function published(request: ApprovalRequest): Promise<readonly OutgoingMessage<unknown>[]> {
  const put: OutgoingMessage<unknown>[] = [];
  const outbox: Outbox = { put: (message) => Promise.resolve(void put.push(message as OutgoingMessage<unknown>)), putFile: () => Promise.reject(new Error('no files')) };
  await publishRequest(request, { outbox });
  return put;
}

describe('src/app/publish-request.ts', () => {
  test('S30: brings the message in the channel and the one to whoever asked to the same version', async () => {
    const [message, note, ...more] = await published(aRequest({ requester: ANN, version: 7 }));

    expect(message).toMatchObject({ id: 'request/r7k2m9', channel: 'C0SECPROD1', revision: 7, urgency: 'decision', fallbackUser: ANN.person });
    expect(note).toMatchObject({ id: 'request/r7k2m9/requester', channel: ANN.person, revision: 7 });
    expect(note?.data).toEqual(message?.data);
    expect(more).toEqual([]);
  });

  test.each([
    ['asked', 'decision'],
    ['approved', 'decision'],
    ['applying', 'progress'],
    ['changed', 'progress'],
    ['applied', 'decision'],
    ['failed', 'decision'],
    ['retried', 'decision'],
    ['undo-asked', 'decision'],
    ['taken-back', 'progress'],
    ['reverted', 'decision'],
  ] as const)('S29: once it was %s, it is as urgent as a %s', async (what, urgency) => {
    const journal = [{ at: '2026-11-23T09:00:00.000Z', by: ANN, what, planHash: 'hash-1' }];

    expect((await published(aRequest({ requester: ANN, journal }))).map((message) => message.urgency)).toEqual([urgency, urgency]);
  });

  test('nobody is told directly of what the bot itself asks', async () => {
    expect((await published(aRequest())).map(({ id }) => id)).toEqual(['request/r7k2m9']);
  });

  const OWNER = { team: 'Shop', who: 'U0CY000001', by: ANN, at: '2026-11-23T09:00:00.000Z' };
  const ANSWER = { by: { person: 'U0CY000001', name: 'Cy' }, at: '2026-11-23T09:07:00.000Z', isKnown: true, reason: 'our payment provider' };

  test.each([
    ['a person directly', 'U0CY000001', { channel: 'U0CY000001' }],
    ['a channel', 'C0TEAMSHOP', { channel: 'C0TEAMSHOP' }],
    ['a group in the thread of the request', 'S0SHOPTEAM', { channel: 'C0SECPROD1', thread: 'request/r7k2m9' }],
  ])('an owner is asked: %s', async (_name, who, place) => {
    expect((await published(aRequest({ version: 3, owner: { ...OWNER, who } }))).slice(1)).toMatchObject([{ id: 'request/r7k2m9/owner', ...place, revision: 3, fallbackUser: ANN.person }]);
  });

  test('what an owner says stands in the thread, and every copy is brought to how the request ends', async () => {
    const all = await published(aRequest({ version: 5, state: 'denied', owner: { ...OWNER, answer: ANSWER } }));

    expect(all.map(({ id, revision }) => [id, revision])).toEqual([['request/r7k2m9', 5], ['request/r7k2m9/owner', 5], ['request/r7k2m9/owner/answer', undefined]]);
    expect(all.map(({ data }) => (data as { state: string }).state)).toEqual(['denied', 'denied', 'denied']);
  });

  test('S35: a reminder stands in the thread, once for each, and only while the request waits', async () => {
    expect(await published(aRequest({ reminders: 2 }))).toMatchObject([{}, { id: 'request/r7k2m9/reminder/2', channel: 'C0SECPROD1', thread: 'request/r7k2m9', data: { escalated: false } }]);
    expect(await published(aRequest({ reminders: 2, state: 'denied' }))).toHaveLength(1);
  });

  test('S10: of the objects of the plan nothing is kept with the messages', async () => {
    const kept = JSON.stringify(await published(aRequest({ requester: ANN, reminders: 1 })));

    expect(kept).not.toContain('canary');
    expect(kept).not.toContain('"subject"');
  });

  test('keeps little of a plan of ten thousand changes, those that failed first', async () => {
    const changes = Array.from({ length: 10_000 }, (_, index) => removalOf(`b${index}`));
    const results = changes.map((_, index) => ({ state: index === 9999 ? ('failed' as const) : ('done' as const) }));

    const [message] = await published(aRequest({ state: 'failed', plan: { changes, stays: [], proofs: [], basis: [] }, results }));

    expect(message?.data).toMatchObject({ counts: { all: 10_000, done: 9999, failed: 1 }, changes: [{ deed: 'delete ClusterRoleBinding b9999', state: 'failed' }, ...Array.from({ length: 7 }, () => ({ state: 'done' }))] });
    expect(JSON.stringify(message?.data).length).toBeLessThan(5000);
  });
});
