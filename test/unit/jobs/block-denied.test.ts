import { describe, expect, test } from '@jest/globals';
import { NothingToPropose } from '#src/model/request.ts';
import { job } from '#jobs/block-denied.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';

const DENIED = { cluster: 'prod-eu', connections: ['c1'], reason: 'nobody knows it', by: 'Bo', channel: 'C1', request: 'r1' };

async function ran(fault?: Error) {
  const asked: unknown[][] = [];
  const posted: unknown[] = [];
  const services = servicesWith({
    approvals: { ...createFakeApprovals(), ask: (...wanted) => (asked.push(wanted.slice(0, 3)), fault === undefined ? Promise.resolve({ request: aRequest(), joined: false }) : Promise.reject(fault)) },
    outbox: { put: (message) => Promise.resolve(void posted.push(message)), putFile: () => Promise.resolve() },
  });
  await job.run(DENIED, services, { signal: new AbortController().signal, attempt: 1, last: false });
  return { asked, posted };
}

describe('jobs/block-denied.ts', () => {
  test('asks to block what was denied, with whose denial it was', async () => {
    const { asked, posted } = await ran();
    expect(asked).toEqual([['block-connection', { cluster: 'prod-eu', connections: ['c1'], reason: 'denied by Bo: nobody knows it' }, { requester: { name: 'k8ssec' }, channel: 'C1' }]]);
    expect(posted).toEqual([]);
  });

  test('says in the thread of the denial why it cannot be blocked', async () => {
    const { posted } = await ran(new NothingToPropose('flannel enforces no policies.'));
    expect(posted).toMatchObject([{ id: 'request/r1/not-blocked', channel: 'C1', thread: 'request/r1', data: { text: 'Not blocked: flannel enforces no policies.' } }]);
  });

  test('is tried again while the cluster does not answer', async () => {
    await expect(ran(new Error('no answer'))).rejects.toThrow('no answer');
  });
});
