import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { Refused } from '#src/model/command.ts';
import { marksOf } from '#src/model/plan-differences.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { parseText } from '#src/slack/parse.ts';
import { command } from '#commands/freeze.ts';
import { clustersOf } from '#test/build/access.ts';
import { aRequest, removalOf } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const BO: Caller = { userId: 'U0BO000001', name: 'Bo', teamId: 'T1', channelId: 'C1', via: 'command' };
const PREVIEW = aRequest({ id: 'r2b3c4', kind: 'freeze-user', version: 0, planHash: 'hash-2' });

/** In which nothing is asked so far; `filed` is what is. */
function worldOf({ refusal, filing = PREVIEW }: { readonly refusal?: string; /** What it is by then. */ readonly filing?: ApprovalRequest } = {}) {
  const filed: ApprovalRequest[] = [];
  const stored = { ...filing, version: 1 };
  const approvals = {
    ...createFakeApprovals({ requests: [stored], ...(refusal !== undefined && { refusal }) }),
    preview: () => Promise.resolve(PREVIEW),
    ask: () => {
      filed.push(stored);
      return Promise.resolve({ request: stored, joined: false });
    },
  };
  const services = {
    approvals,
    clusters: clustersOf({ prod: [] }),
    access: { may: () => Promise.resolve({ allowed: true }) },
    clock: createMovedClock(),
    zone: 'UTC',
    questions: { get: () => Promise.resolve(undefined) },
  } as unknown as Services;
  const runAs = async (...words: readonly string[]) => JSON.stringify((await command.run(parseArguments(command, words), BO, services)).message);
  return { approvals, filed, services, runAs, run: (...words: readonly string[]) => runAs('bob', 'prod', ...words) };
}

describe('commands/freeze.ts', () => {
  test('asks for what was shown, and decides it', async () => {
    const { approvals, filed, run } = worldOf();
    await run('--plan=hash-2', '--reason=laptop stolen');

    expect(filed).toHaveLength(1);
    expect(approvals.calls).toEqual([['decide', 'r2b3c4', { verdict: 'approve', planHash: 'hash-2', reason: 'laptop stolen' }, BO]]);
  });

  test('leaves no request behind that the caller may not decide', async () => {
    const { approvals, filed, run } = worldOf({ refusal: 'This is about you, so somebody else must decide.' });

    await expect(run('--plan=hash-2', '--reason=laptop stolen')).rejects.toThrow(new Refused({ reason: 'This is about you, so somebody else must decide.', ask: [] }));
    expect([filed, approvals.calls]).toEqual([[], []]);
  });

  const NEW = ['To be changed now: cluster-admin in the whole cluster.', 'Of what was shown, 1 change is not to be made any more.'];
  const SHOWN = marksOf({ ...PREVIEW.plan, changes: [removalOf('another')] });

  test('goes on with what there is to take by then, and tells what has changed since the form was shown', async () => {
    const { approvals, filed, run } = worldOf();
    await run('--plan=hash-1', `--shown=${SHOWN}`, '--reason=laptop stolen');

    expect(filed).toHaveLength(1);
    expect(approvals.calls).toEqual([['decide', 'r2b3c4', { verdict: 'approve', planHash: 'hash-1', reason: 'laptop stolen', changedSince: NEW }, BO]]);
  });

  test('goes on also where it changes between the last look and the filing', async () => {
    const { approvals, run } = worldOf({ filing: { ...PREVIEW, planHash: 'hash-3', plan: { ...PREVIEW.plan, changes: [removalOf('another')] } } });
    await run('--plan=hash-2', '--reason=laptop stolen');

    expect(approvals.calls).toEqual([['decide', 'r2b3c4', { verdict: 'approve', planHash: 'hash-2', reason: 'laptop stolen', changedSince: NEW }, BO]]);
  });

  test('shows another plan than was typed, and files nothing', async () => {
    const { approvals, filed, run } = worldOf();

    expect(await run('--plan=hash-1', '--reason=laptop stolen')).toContain('--plan=hash-2');
    expect([filed, approvals.calls]).toEqual([[], []]);
  });

  test('keeps in the form what it shows', async () => {
    const { form } = await command.run(parseArguments(command, ['bob', 'prod']), BO, worldOf().services);

    expect(form?.action.args).toEqual(['--plan=hash-2', `--shown=${marksOf(PREVIEW.plan)}`, '--', 'bob', 'prod']);
  });

  test.each<[readonly string[], Readonly<Record<string, string>>, readonly string[]]>([
    [['bob', 'prod'], {}, ['bob', 'prod']],
    [['bob', 'prod', '--why=laptop stolen'], { why: 'laptop stolen' }, ['bob', 'prod']],
    [['Bob Brown', 'prod', '--why=a "joke"', '--question=q1'], { why: 'a "joke"', question: 'q1' }, ['Bob Brown', 'prod']],
    [['--', '-bob', 'prod'], {}, ['-bob', 'prod']],
    [['--why=x', '--', '--bob o\'neil', 'prod'], { why: 'x' }, ["--bob o'neil", 'prod']],
  ])('says how %j is typed with what is missing', async (words, options, names) => {
    const hint = /\/k8ssec (freeze .*?)`/.exec(await worldOf().runAs(...words))?.[1] ?? '';
    const args = parseText((JSON.parse(`"${hint}"`) as string).replace('…', 'laptop stolen'), [command]).read();

    expect(args.words).toEqual(names);
    expect(args.options).toEqual({ ...options, reason: 'laptop stolen' });
  });
});
