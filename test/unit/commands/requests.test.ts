import { describe, expect, test } from '@jest/globals';
import type { Message } from '#src/blocks/build.ts';
import { objectsIn } from '#src/blocks/walk.ts';
import type { Caller, Permission } from '#src/model/access.ts';
import { Refused, UsageError, type Answer, type Command } from '#src/model/command.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import { textAt } from '#src/model/raw.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { command as approvalsCommand } from '#commands/approvals.ts';
import { command as approve } from '#commands/approve.ts';
import { command as cancel } from '#commands/cancel.ts';
import { command as deny } from '#commands/deny.ts';
import { command as retry } from '#commands/retry.ts';
import { command as undo } from '#commands/undo.ts';
import { aRequest, removalOf } from '#test/build/request.ts';
import { runCommand } from '#test/build/run-command.ts';
import { createFakeApprovals, type FakeApprovals, type FakeApprovalsOptions } from '#test/fakes/approvals.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const BO: Caller = { userId: 'U0BO000001', name: 'Bo', teamId: 'T1', channelId: 'C1', via: 'command' };
const REASON = 'left the company';
const DEV: Partial<ApprovalRequest> = { production: false, clusters: ['dev'] };
const { reasonNeeded: _, ...WITHOUT_REASON } = aRequest(DEV);

interface World {
  readonly approvals: FakeApprovals;
  readonly logged: readonly DecisionEntry[];
  readonly run: (command: Command, ...words: readonly string[]) => Promise<Answer>;
}

function worldOf(options: FakeApprovalsOptions = {}, may: (role: string, cluster: string | undefined) => boolean = () => true): World {
  const approvals = createFakeApprovals(options);
  const logged: DecisionEntry[] = [];
  const services = {
    approvals,
    zone: 'UTC',
    clock: createMovedClock(),
    scans: { get: () => Promise.resolve(undefined) },
    decisions: { append: (entry: DecisionEntry) => Promise.resolve(void logged.push(entry)) },
    access: { may: (_caller: Caller, role: string, cluster?: string): Promise<Permission> => Promise.resolve(may(role, cluster) ? { allowed: true } : { allowed: false, reason: 'No.', ask: [] }) },
  } as unknown as Services;
  return { approvals, logged, run: async (command, ...words) => runCommand(command, words, BO, services) };
}

function shown({ text, blocks }: Message): string {
  return `${text}\n${JSON.stringify(blocks)}`;
}

function buttonsOf({ blocks }: Message): readonly { readonly label: string; readonly command: string; readonly args: readonly string[] }[] {
  return [...objectsIn(blocks)].flatMap(({ value }) => (value.type === 'button' ? [{ label: textAt(value, 'text', 'text') ?? '', ...(JSON.parse(String(value.value)) as { readonly command: string; readonly args: readonly string[] }) }] : []));
}

function fieldsOf({ form }: Answer): readonly unknown[] {
  return (form?.blocks ?? []).filter(({ type }) => type === 'input');
}

describe.each([['approve', approve], ['deny', deny]] as const)('commands/%s.ts', (verdict, command) => {
  test('S33: in production it asks in a form for a reason, and is bound to the plan that was shown', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest()] });

    const answer = await run(command, 'r7k2m9');

    expect(answer.form?.action).toEqual({ command: verdict, args: ['r7k2m9', '--plan=hash-1'] });
    expect(fieldsOf(answer)).toMatchObject([{ block_id: 'reason', optional: false, element: { min_length: 10, max_length: 500 } }]);
    expect(approvals.calls).toEqual([]);
  });

  test('where no reason is needed the form leaves it open', async () => {
    const answer = await worldOf({ requests: [WITHOUT_REASON] }).run(command, 'r7k2m9');

    expect(fieldsOf(answer)).toMatchObject([{ block_id: 'reason', optional: true }]);
    expect(JSON.stringify(fieldsOf(answer))).not.toContain('min_length');
  });

  test('S33: what is submitted decides about the plan that was shown', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest({ planHash: 'hash-2' })] });

    await run(command, 'r7k2m9', '--plan=hash-1', `--reason=${REASON}`);

    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict, planHash: 'hash-1', reason: REASON }, BO]]);
  });

  test('S25: without a form it is previewed, and confirmed where nothing is missing', async () => {
    const { approvals, run } = worldOf({ requests: [WITHOUT_REASON] });

    const { message } = await run(command, 'r7k2m9');

    expect(buttonsOf(message)).toEqual([{ label: `Confirm: ${verdict}`, command: verdict, args: ['r7k2m9', '--plan=hash-1'] }]);
    expect(approvals.calls).toEqual([]);
  });

  test('where the reason is missing nothing can be confirmed, and the usage is told', async () => {
    const { message } = await worldOf({ requests: [aRequest()] }).run(command, 'r7k2m9');

    expect(buttonsOf(message)).toEqual([]);
    expect(shown(message)).toContain(`/k8ssec ${verdict} r7k2m9 &lt;reason&gt;`);
  });

  test('S33: in production a typed reason is not enough: the plan is shown, and a button is bound to it', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest()] });

    const { message, form } = await run(command, 'r7k2m9', '--reason', REASON);

    expect(form).toBeUndefined();
    expect(buttonsOf(message)).toEqual([{ label: `Confirm: ${verdict}`, command: verdict, args: ['r7k2m9', '--plan=hash-1', `--reason=${REASON}`] }]);
    expect(approvals.calls).toEqual([]);
  });

  test('outside production a typed reason decides at once about the plan as it is', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest(DEV)] });

    await run(command, 'R7K2M9', '--reason', REASON);

    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict, planHash: 'hash-1', reason: REASON }, BO]]);
  });

  test.each([
    ['nothing is named', [], /^Which request\?/],
    ['the request is not known', ['r0000'], /^There is no request "r0000"/],
    ['the reason is too short', ['r7k2m9', '--reason', 'ok'], /at least 10 characters/],
    ['the reason is nothing but blanks', ['r7k2m9', `--reason=${' '.repeat(20)}`], /at least 10 characters/],
    ['the reason is too long', ['r7k2m9', '--reason', 'x'.repeat(501)], /longer than 500/],
  ])('says so when %s', async (_, words, text) => {
    const { approvals, run } = worldOf({ requests: [aRequest()] });

    await expect(run(command, ...words)).rejects.toThrow(text);
    await expect(run(command, ...words)).rejects.toBeInstanceOf(UsageError);
    expect(approvals.calls).toEqual([]);
  });

  test('S32: who may not decide gets no form but the reason', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest()], refusal: 'Only @sec-approvers may decide this.' });

    await expect(run(command, 'r7k2m9')).rejects.toThrow(new Refused({ reason: 'Only @sec-approvers may decide this.', ask: [] }));
    expect(approvals.calls).toEqual([]);
  });

  test.each<[string, Partial<ApprovalRequest>, string]>([
    ['is decided', { state: 'applied', decision: { verdict: 'approved', by: { person: 'U0CY000001', name: 'Cy' }, at: '2026-11-23T09:10:00.000Z' } }, 'Already approved by Cy at 09:10 UTC.'],
    ['has expired', { state: 'expired', decision: { verdict: 'expired', by: { name: 'clock' }, at: '2026-11-23T16:00:00.000Z' } }, 'This request expired at 16:00 UTC.'],
    ['has the approval of the same person', { state: 'partly-approved', needed: 2, approvals: [{ by: { person: BO.userId, name: 'Bo' }, at: '2026-11-23T09:10:00.000Z' }] }, 'You have already approved this'],
  ])('S31: one that %s is answered with how it stands, and no form', async (_, more, text) => {
    const { message, form } = await worldOf({ requests: [aRequest(more)] }).run(command, 'r7k2m9');

    expect(form).toBeUndefined();
    expect(shown(message)).toContain(text);
    expect(shown(message)).toContain('r7k2m9');
  });

  test('S31: a decision that is refused is answered with whom to ask and the state below', async () => {
    const request = aRequest({ state: 'denied', decision: { verdict: 'denied', by: { person: 'U0CY000001', name: 'Cy' }, at: '2026-11-23T09:10:00.000Z', reason: 'he is on leave' } });
    const { run } = worldOf({ requests: [request], outcome: () => ({ outcome: 'refused', reason: 'Already denied by Cy at 09:10.', ask: ['S0SECAPPR1'], request }) });

    const answer = await run(command, 'r7k2m9', '--plan=hash-1', `--reason=${REASON}`);

    expect(answer.title).toBe('Not done');
    expect(shown(answer.message)).toContain('Already denied by Cy at 09:10.');
    expect(shown(answer.message)).toContain('<!subteam^S0SECAPPR1>');
    expect(shown(answer.message)).toContain('he is on leave');
  });
});

describe('commands/approve.ts', () => {
  const access = aRequest({ lastsMs: 3_600_000, card: { ...aRequest().card, shorter: [{ label: '30 minutes', lastsMs: 1_800_000 }] } });

  test('S33: the form shows verb and object of every change, and nothing that stands in the objects', async () => {
    const changes = [removalOf('ops-bob'), removalOf('ops-bob-2', 'prod-us')];
    const { form, message } = await worldOf({ requests: [aRequest({ clusters: ['prod-eu', 'prod-us'], plan: { ...aRequest().plan, changes } })] }).run(approve, 'r7k2m9');

    for (const text of [JSON.stringify(form?.blocks), shown(message)]) {
      expect(text).toContain('delete ClusterRoleBinding ops-bob');
      expect(text).toContain('prod-us: cluster-admin in the whole cluster');
      expect(text).toContain('What is done (2)');
      expect(text).not.toContain('canary');
    }
  });

  test('a shorter time is chosen in the form', async () => {
    const answer = await worldOf({ requests: [access] }).run(approve, 'r7k2m9', '--shorter');

    expect(fieldsOf(answer)).toMatchObject([{ block_id: 'for', element: { type: 'static_select', options: [{ text: { text: '30 minutes' }, value: '30m' }] } }, { block_id: 'reason' }]);
    expect(buttonsOf(answer.message)).toEqual([]);
  });

  test('a shorter time goes with the decision', async () => {
    const { approvals, run } = worldOf({ requests: [access] });

    await run(approve, 'r7k2m9', '--plan=hash-1', '--for=30m', `--reason=${REASON}`);

    expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'approve', planHash: 'hash-1', reason: REASON, lastsMs: 1_800_000 }, BO]]);
  });

  test.each([
    ['a longer one', ['--for', '2h'], access, /It was asked for 1 hour/],
    ['nonsense', ['--for', 'long'], access, /no length of time/],
    ['none although it shall be shorter', ['--shorter', '--reason', REASON], access, /For how long\?/],
    ['one for what lasts', ['--for', '30m'], aRequest(), /not for a limited time/],
    ['parts of what has none', ['--only', '1'], aRequest(), /Only the whole of this request/],
    ['a part that it has not', ['--only', '9'], aRequest({ parts: [['a']] }), /no place of a change/],
    ['a choice where none is offered', ['--shorter'], { ...access, card: aRequest().card }, /No shorter time is offered/],
  ] as const)('refuses %s', async (_, words, request, text) => {
    await expect(worldOf({ requests: [request] }).run(approve, 'r7k2m9', ...words)).rejects.toThrow(text);

    // What is wrong tells of the request: who may not decide it does not hear it.
    await expect(worldOf({ requests: [request], refusal: 'Only @sec-approvers may decide this.' }).run(approve, 'r7k2m9', ...words)).rejects.toThrow('Only @sec-approvers may decide this.');
  });

  describe('of what takes the rights of an administrator away', () => {
    const BOB = 'oidc:bob@corp.example';
    const admin = aRequest({ retype: BOB });

    test('the form asks for the user name, which is shown, and takes nothing else', async () => {
      const answer = await worldOf({ requests: [admin] }).run(approve, 'r7k2m9');

      expect(fieldsOf(answer)).toMatchObject([{ block_id: 'user', optional: false }, { block_id: 'reason' }]);
      expect(answer.form?.exact).toEqual({ user: BOB });
      expect(JSON.stringify(answer.form?.blocks)).toContain(BOB);
    });

    test('a denial asks for none', async () => {
      const answer = await worldOf({ requests: [admin] }).run(deny, 'r7k2m9');

      expect(fieldsOf(answer)).toMatchObject([{ block_id: 'reason' }]);
      expect(answer.form).not.toHaveProperty('exact');
    });

    test('typed without it, it is not decided outside production either, and the usage is told', async () => {
      for (const more of [{}, DEV]) {
        const { approvals, run } = worldOf({ requests: [aRequest({ retype: BOB, ...more })] });

        const { message } = await run(approve, 'r7k2m9', '--reason', REASON);

        expect(buttonsOf(message)).toEqual([]);
        expect(shown(message)).toContain(BOB);
        expect(shown(message)).toContain('--user');
        expect(approvals.calls).toEqual([]);
      }
    });

    test('typed with it, the preview can be confirmed in production, and elsewhere it is decided', async () => {
      const { message } = await worldOf({ requests: [admin] }).run(approve, 'r7k2m9', '--reason', REASON, '--user', BOB);
      expect(buttonsOf(message)).toMatchObject([{ args: ['r7k2m9', '--plan=hash-1', `--user=${BOB}`, `--reason=${REASON}`] }]);

      const { approvals, run } = worldOf({ requests: [aRequest({ ...DEV, retype: BOB })] });
      await run(approve, 'r7k2m9', '--reason', REASON, '--user', ` ${BOB} `);
      expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'approve', planHash: 'hash-1', reason: REASON, user: BOB }, BO]]);
    });

    test('another name is told to be wrong, and what is pressed is judged where it is decided', async () => {
      const { approvals, run } = worldOf({ requests: [admin] });

      await expect(run(approve, 'r7k2m9', '--user', 'bob')).rejects.toThrow(new UsageError(`"bob" is not the user name whose rights are taken away. That is ${BOB}.`));
      await run(approve, 'r7k2m9', '--plan=hash-1', `--reason=${REASON}`, '--user=bob');
      expect(approvals.calls).toEqual([['decide', 'r7k2m9', { verdict: 'approve', planHash: 'hash-1', reason: REASON, user: 'bob' }, BO]]);
    });

    test('a name that nobody asked for does no harm', async () => {
      const { approvals, run } = worldOf({ requests: [aRequest(DEV)] });

      await run(approve, 'r7k2m9', '--reason', REASON, '--user', BOB);

      expect(approvals.calls).toHaveLength(1);
    });
  });

  test.each<[ApprovalRequest['state'], string]>([
    ['approved', 'Approved. It is being carried out.'],
    ['partly-approved', 'Your approval counts: 1 of 2.'],
    ['void', 'It is not as it was when it was shown to you'],
  ])('tells what an approval led to: %s', async (state, text) => {
    const after = aRequest({ state, needed: 2, approvals: [{ by: { person: BO.userId, name: 'Bo' }, at: '2026-11-23T09:10:00.000Z' }] });
    const { run } = worldOf({ requests: [aRequest()], outcome: () => ({ outcome: 'taken', request: after }) });

    const answer = await run(approve, 'r7k2m9', '--plan=hash-1', `--reason=${REASON}`);

    expect(answer.title).toBe('Done');
    expect(shown(answer.message)).toContain(text);
  });
});

describe('commands/undo.ts', () => {
  test.each([[[], []], [['--reason', 'back from leave'], ['back from leave']]])('takes back, with the reason if there is one: %j', async (words, more) => {
    const { approvals, run } = worldOf({ requests: [aRequest({ state: 'applied' })] });

    expect(shown((await run(undo, 'r7k2m9', ...words)).message)).toContain('It is being taken back.');

    expect(approvals.calls).toEqual([['undo', 'r7k2m9', BO, ...more]]);
  });
});

describe('commands/retry.ts', () => {
  test('tries again', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest({ state: 'failed' })] });

    expect(shown((await run(retry, 'r7k2m9')).message)).toContain('It is being tried again.');

    expect(approvals.calls).toEqual([['retry', 'r7k2m9', BO]]);
  });
});

describe('commands/cancel.ts', () => {
  test('cancels a request', async () => {
    const { approvals, run } = worldOf({ requests: [aRequest()] });

    expect(shown((await run(cancel, 'r7k2m9')).message)).toContain('The request is canceled.');

    expect(approvals.calls).toEqual([['cancel', 'r7k2m9', BO]]);
  });

  test('says when there is neither a scan nor a request of that id', async () => {
    await expect(worldOf().run(cancel, 'x')).rejects.toThrow('There is no scan or request "x"');
  });
});

describe('commands/approvals.ts', () => {
  const mine = aRequest({ id: 'mine01', requester: { person: BO.userId, name: 'Bo' }, clusters: ['secret'] });
  const others = aRequest({ id: 'others' });
  const hidden = aRequest({ id: 'hidden', clusters: ['prod-eu', 'secret'] });
  const maySee = (role: string, cluster: string | undefined) => role === 'viewer' && cluster !== 'secret';

  test('S38: lists each with its own buttons, and only those that the caller may see', async () => {
    const { message } = await worldOf({ requests: [others, mine, hidden] }, maySee).run(approvalsCommand);

    expect(message.text).toBe('2 requests wait for a decision.');
    expect(buttonsOf(message).map(({ command, args }) => `${command} ${args.join(' ')}`)).toEqual(['approve others', 'deny others', 'approve mine01', 'deny mine01', 'cancel mine01']);
  });

  test('offers nothing to whoever may not decide but to cancel what they asked for', async () => {
    const { message } = await worldOf({ requests: [others, mine], refusal: 'No.' }, maySee).run(approvalsCommand);

    expect(buttonsOf(message).map(({ command, args }) => `${command} ${args.join(' ')}`)).toEqual(['cancel mine01']);
  });

  test('offers to take back what is in effect to approvers of its clusters', async () => {
    const applied = aRequest({ id: 'done01', state: 'applied' });

    expect(buttonsOf((await worldOf({ requests: [applied] }).run(approvalsCommand)).message)).toMatchObject([{ label: 'Restore', command: 'undo' }]);
    expect(buttonsOf((await worldOf({ requests: [applied] }, maySee).run(approvalsCommand)).message)).toEqual([]);
  });

  test('shows one in full', async () => {
    const { message } = await worldOf({ requests: [others] }).run(approvalsCommand, 'others');

    expect(shown(message)).toContain('Departed user still has access');
  });

  test('does not tell one that the caller may not see from one that is not there', async () => {
    const { run } = worldOf({ requests: [hidden] }, maySee);

    await expect(run(approvalsCommand, 'hidden')).rejects.toThrow('There is no request "hidden", or it is forgotten by now.');
    await expect(run(approvalsCommand, 'gone01')).rejects.toThrow('There is no request "gone01", or it is forgotten by now.');
  });
});
