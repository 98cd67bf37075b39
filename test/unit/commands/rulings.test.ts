import { describe, expect, test } from '@jest/globals';
import { objectsIn } from '#src/blocks/walk.ts';
import { NOT_ASKED, type Caller, type Permission } from '#src/model/access.ts';
import { Refused, UsageError, type Answer, type Command } from '#src/model/command.ts';
import { textAt } from '#src/model/raw.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { command as keep } from '#commands/keep.ts';
import { command as notTheirs } from '#commands/not-theirs.ts';
import { command as undo } from '#commands/undo.ts';
import { aRequest } from '#test/build/request.ts';
import { ALL_OF_BOB } from '#test/build/rulings.ts';
import { runCommand } from '#test/build/run-command.ts';
import { createFakeApprovals, type FakeApprovalsOptions } from '#test/fakes/approvals.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createFakeNeeds } from '#test/fakes/needs.ts';

const BO: Caller = { userId: 'U0BO000001', name: 'Bo', teamId: 'T1', channelId: 'C1', via: 'command' };
const REASON = '--reason=on parental leave';
const ONE_NAME = { ...ALL_OF_BOB, users: ['bob'] };

function worldOf(more: Partial<ApprovalRequest> = { about: ALL_OF_BOB }, options: FakeApprovalsOptions = {}, access: Permission = { allowed: true }) {
  const approvals = createFakeApprovals({ requests: [aRequest(more)], ...options });
  const services = { approvals, access: { may: () => Promise.resolve(access) }, needs: createFakeNeeds([]), zone: 'UTC', clock: createMovedClock() } as unknown as Services;
  return { approvals, run: async (command: Command, ...words: readonly string[]) => runCommand(command, words, BO, services) };
}

const fieldsOf = ({ form }: Answer) => [...objectsIn(form?.blocks ?? [])].filter(({ value }) => value.type === 'input').map(({ value }) => textAt(value, 'block_id'));
/** What stands in the fields before anybody fills them in. */
function initialOf({ form }: Answer): Readonly<Record<string, string>> {
  const initial: Record<string, string> = {};
  for (const { value } of objectsIn(form?.blocks ?? [])) {
    const text = textAt(value, 'element', 'initial_value') ?? textAt(value, 'element', 'initial_date');
    if (value.type === 'input' && text !== undefined) initial[textAt(value, 'block_id') ?? ''] = text;
  }
  return initial;
}

const shown = ({ message }: Answer) => JSON.stringify(message);

describe('commands/keep.ts, of a request', () => {
  test('without a day or a reason asks for both in a form that is bound to what was shown', async () => {
    for (const words of [[], ['--until=2027-01-01'], [REASON]]) {
      const { approvals, run } = worldOf();
      const answer = await run(keep, 'r7k2m9', ...words);

      expect(fieldsOf(answer)).toEqual(['reason', 'until']);
      expect(answer.form).toMatchObject({ title: 'Keep access', action: { command: 'keep', args: ['r7k2m9', '--plan=hash-1'] } });
      expect(approvals.calls).toEqual([]);
    }
  });

  test('does not ask again for what was typed already', async () => {
    const { run } = worldOf();
    const [bare, reason, day] = [await run(keep, 'r7k2m9'), await run(keep, 'r7k2m9', REASON), await run(keep, 'r7k2m9', '--until=2027-01-01')];

    expect([bare, reason, day].map(initialOf)).toEqual([{ until: '2026-12-23' }, { reason: 'on parental leave', until: '2026-12-23' }, { until: '2027-01-01' }]);
    expect([bare, day].map(shown)).toEqual([expect.stringContaining('/k8ssec keep r7k2m9 --until 2026-12-23'), expect.stringContaining('/k8ssec keep r7k2m9 --until 2027-01-01')]);
  });

  test('with both keeps it', async () => {
    const { approvals, run } = worldOf();
    const typed = await run(keep, 'R7K2M9', '--until=2027-05-22', REASON);
    await run(keep, 'r7k2m9', '--plan=hash-1', '--until=2027-05-22', REASON);

    const given = { says: { type: 'keep', until: '2027-05-22' }, reason: 'on parental leave' };
    expect(approvals.calls).toEqual([['rule', 'r7k2m9', given, BO], ['rule', 'r7k2m9', { ...given, planHash: 'hash-1' }, BO]]);
    expect(shown(typed)).toContain('Kept. Nothing is changed.');
  });

  test.each([
    [['--until=2027-05-23', REASON], 'It can be kept for 180 days at most, until 2027-05-22.'],
    [['--until=2026-11-23', REASON], 'That day is not in the future.'],
    [['--until=2027-01-01', '--reason=no'], 'Give a reason in 10 to 500 characters.'],
  ])('%j is asked back for', async (words, text) => {
    await expect(worldOf().run(keep, 'r7k2m9', ...words)).rejects.toThrow(new UsageError(text));
  });

  test('who has no role is told nothing of it', async () => {
    const { approvals, run } = worldOf(undefined, undefined, { allowed: false, reason: 'This takes a role.', ask: [] });

    await expect(run(keep, 'r7k2m9', '--until=2027-01-01', REASON)).rejects.toThrow(new Refused({ reason: 'This takes a role.', ask: [] }));
    expect(approvals.calls).toEqual([]);
  });

  test('what neither is a request nor a question is told apart', async () => {
    const { run } = worldOf();

    await expect(run(keep, 'r00000')).rejects.toThrow('There is no request "r00000"');
    await expect(run(keep, 'n00000')).rejects.toThrow(new Refused({ reason: NOT_ASKED, ask: [] }));
    await expect(run(keep)).rejects.toThrow('Which question?');
  });
});

describe.each([['keep', keep, ['--until=2027-01-01', REASON]], ['not-theirs', notTheirs, [REASON]]] as const)('commands/%s.ts, of a request', (_name, command, words) => {
  test('who may not decide gets no form', async () => {
    await expect(worldOf(undefined, { refusal: 'Only approvers may do this.' }).run(command, 'r7k2m9')).rejects.toThrow(new Refused({ reason: 'Only approvers may do this.', ask: [] }));
  });

  test('one that is decided is answered with how it stands, and no form', async () => {
    const answer = await worldOf({ about: ALL_OF_BOB, state: 'denied', decision: { verdict: 'denied', by: { name: 'Cy' }, at: '2026-11-23T08:00:00.000Z' }, ruling: { type: 'keep', until: '2027-01-01' } }).run(command, 'r7k2m9');

    expect(answer.form).toBeUndefined();
    expect(shown(answer)).toContain('Already kept until 2027-01-01 by Cy at 08:00 UTC.');
  });

  test('another kind of request cannot be ruled on', async () => {
    const { approvals, run } = worldOf({});

    await expect(run(command, 'r7k2m9', ...words)).rejects.toThrow('The request r7k2m9 is not about the access of somebody. Approve or deny it.');
    expect(approvals.calls).toEqual([]);
  });
});

describe('commands/not-theirs.ts', () => {
  test('who may not decide hears no user name, whatever is wrong with what they typed', async () => {
    await expect(worldOf(undefined, { refusal: 'Only approvers may do this.' }).run(notTheirs, 'r7k2m9', '--only=9')).rejects.toThrow(new Refused({ reason: 'Only approvers may do this.', ask: [] }));
    await expect(worldOf().run(notTheirs, 'r7k2m9', '--only=9')).rejects.toThrow(ALL_OF_BOB.users.join(', '));
  });

  test('asks which of several names, and not where there is one', async () => {
    const several = await worldOf().run(notTheirs, 'r7k2m9');

    expect(fieldsOf(several)).toEqual(['only', 'reason']);
    expect(shown(several)).toContain('/k8ssec not-theirs r7k2m9 --only 1 &lt;reason&gt;');
    expect(fieldsOf(await worldOf({ about: ONE_NAME }).run(notTheirs, 'r7k2m9'))).toEqual(['reason']);
    const half = await worldOf().run(notTheirs, 'r7k2m9', REASON);
    expect([fieldsOf(half), initialOf(half)]).toEqual([['only', 'reason'], { reason: 'on parental leave' }]);
  });

  test('where places are named asks for the reason alone, of those', async () => {
    const answer = await worldOf().run(notTheirs, 'r7k2m9', '--only=2');

    expect(fieldsOf(answer)).toEqual(['reason']);
    expect(answer.form?.action).toEqual({ command: 'not-theirs', args: ['r7k2m9', '--plan=hash-1', '--only=2'] });
    expect(shown(answer)).toContain('/k8ssec not-theirs r7k2m9 --only 2 &lt;reason&gt;');
    expect(JSON.stringify(answer.form?.blocks)).not.toContain('oidc:bob@corp.example');
  });

  test('names the places where they are to be typed', async () => {
    expect(shown(await worldOf().run(notTheirs, 'r7k2m9'))).toMatch(/"2: ".*"bob"/);
  });

  test.each([
    [ONE_NAME, [], ['bob']],
    [ALL_OF_BOB, ['--only=2'], ['bob']],
    [ALL_OF_BOB, ['--only=2,1,2'], ['bob', 'oidc:bob@corp.example']],
  ])('of %j with %j closes the request for those', async (about, words, users) => {
    const { approvals, run } = worldOf({ about });
    const answer = await run(notTheirs, 'r7k2m9', ...words, REASON);

    expect(approvals.calls).toEqual([['rule', 'r7k2m9', { says: { type: 'not-theirs', users }, reason: 'on parental leave' }, BO]]);
    expect(shown(answer)).toContain(`the ${users.length === 1 ? 'name is' : 'names are'} not taken for theirs any more`);
  });

  test.each(['0', '3', 'x', ','])('the place %s is asked back for', async (place) => {
    await expect(worldOf().run(notTheirs, 'r7k2m9', `--only=${place}`, REASON)).rejects.toThrow(`"${place}" names no place in the list of user names, which has 2: oidc:bob@corp.example, bob.`);
  });
});

describe('commands/undo.ts, of a ruling', () => {
  test('says what follows', async () => {
    const { run } = worldOf({ about: ALL_OF_BOB, state: 'denied', ruling: { type: 'keep', until: '2027-01-01', ended: { by: { person: BO.userId, name: 'Bo' }, at: '2026-11-23T08:00:00.000Z' } } });

    expect(shown(await run(undo, 'r7k2m9'))).toContain('That does not hold any more; the next review may ask for the removal again.');
  });
});
