import { afterEach, describe, expect, test } from '@jest/globals';
import { shownRequest } from '#src/model/request-shown.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { template as requestTemplate } from '#templates/request.ts';
import { startAsking, type Asking } from '#test/build/asking.ts';
import { CHANNEL } from '#test/build/bot.ts';
import { namesOf } from '#test/build/conversation.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals, type FakeApprovals } from '#test/fakes/approvals.ts';

const ZONE = { zone: 'UTC' };
const BO = expect.objectContaining({ userId: seededId('user', 'bo') });
const REQUEST = aRequest({ lastsMs: 3_600_000, card: { ...aRequest().card, shorter: [{ label: '30 minutes', lastsMs: 1_800_000 }] } });
const OTHER = aRequest({ id: 'x4y5z6', planHash: 'hash-2' });

let asking: Asking;
let approvals: FakeApprovals;

async function begin(): Promise<SeenMessage> {
  approvals = createFakeApprovals({ requests: [REQUEST, OTHER], outcome: (request) => ({ outcome: 'taken', request: { ...request, state: 'approved' } }) });
  asking = await startAsking({ approvals, scans: { get: () => Promise.resolve(undefined) } });
  await asking.post(seededId('channel', CHANNEL), requestTemplate.render(shownRequest(REQUEST), ZONE));
  return asking.slack.as('bo').sees(CHANNEL, /Departed user/);
}

afterEach(() => asking.stop());

describe('flow: deciding in forms', () => {
  test('S33: an approver presses, reads what will be done, is asked for a better reason, and approves', async () => {
    const message = await begin();
    const bo = asking.slack.as('bo');

    await bo.press(message, 'Review and remove…');
    const form = await bo.seesModal(/delete ClusterRoleBinding ops-bob/);
    expect(form.title).toBe('Approve request');
    const refused = await bo.submit({ Reason: '  too few    ' });
    expect(refused.ok).toBe(false);
    expect(bo.modal()?.errors).toEqual({ reason: 'At least 10 characters.' });
    await bo.submit({ Reason: 'left the company' });

    const done = await bo.seesModal(/It is being carried out/);
    expect(done.title).toBe('Done');
    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'approve', planHash: 'hash-1', reason: 'left the company' }, BO]]);
    expect(asking.log.texts('warn')).toEqual([]);
  });

  test('one of the shorter times is chosen', async () => {
    const message = await begin();
    const bo = asking.slack.as('bo');

    await bo.press(message, 'Approve shorter…');
    await bo.seesModal(/For how long/);
    await bo.submit({ 'For how long': '30 minutes', Reason: 'one fix, no more' });
    await bo.seesModal(/It is being carried out/);

    expect(approvals.calls).toMatchObject([['decide', 'r7k2m9', { lastsMs: 1_800_000 }, BO]]);
  });

  test('S25: the same is typed: a modal opens for what is missing', async () => {
    await begin();
    const bo = asking.slack.as('bo');

    await bo.command('/k8ssec deny r7k2m9', CHANNEL);
    await bo.seesModal(/Nothing is changed in a cluster/);
    await bo.submit({ Reason: 'he is on leave, not gone' });
    await bo.seesModal(/r7k2m9/);

    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'deny', planHash: 'hash-1', reason: 'he is on leave, not gone' }, BO]]);
  });

  test('S33: in production a typed reason is previewed privately and confirmed by a button', async () => {
    await begin();
    const bo = asking.slack.as('bo');

    const preview = await (await bo.command('/k8ssec approve r7k2m9 --reason "left the company"', CHANNEL)).answer(/delete ClusterRoleBinding ops-bob/);
    expect(preview.isEphemeral).toBe(true);
    expect(approvals.calls).toEqual([]);
    await bo.press(preview, 'Confirm: approve');
    await bo.seesModal(/It is being carried out/);

    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'approve', planHash: 'hash-1', reason: 'left the company' }, BO]]);
  });

  test('S38: of several requests in one answer each has its own buttons', async () => {
    await begin();
    const bo = asking.slack.as('bo');

    const list = await (await bo.command('/k8ssec requests', CHANNEL)).answer(/2 requests wait/);
    const [first = '', second = ''] = namesOf(list, 'Deny…');
    for (const [name, reason] of [[second, 'he is on leave, not gone'], [first, 'another reason for it']] as const) {
      await bo.press(list, name);
      await bo.seesModal(/Deny\?/);
      await bo.submit({ Reason: reason });
      await bo.seesModal(/Done|carried out/);
      await bo.close({ all: true });
    }

    expect(approvals.calls.map(([, id]) => id)).toEqual(['x4y5z6', 'r7k2m9']);
  });
});
