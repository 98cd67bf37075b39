import { describe, expect, test } from '@jest/globals';
import type { Caller } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import { UsageError } from '#src/model/command.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { command } from '#commands/isolate.ts';
import { clustersOf } from '#test/build/access.ts';
import { connectionSettings, connectionsOf } from '#test/build/connections.ts';
import { aRequest } from '#test/build/request.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const ANN: Caller = { userId: 'U0ANN00001', name: 'Ann', teamId: 'T1', channelId: 'C1', via: 'command' };

function asking(answer: () => Promise<unknown> = () => Promise.resolve({ request: aRequest({ kind: 'isolate-workload' }), joined: false })) {
  const asked: unknown[][] = [];
  const services = {
    approvals: { ask: (...given: unknown[]) => (asked.push(given.slice(0, 3)), answer()) },
    clusters: clustersOf({ prod: [] }),
    connections: connectionsOf([], { settings: [connectionSettings({ cluster: 'prod', channel: 'C0NET' })] }),
    access: { may: () => Promise.resolve({ allowed: true }) },
    clock: createMovedClock(),
    zone: 'UTC',
  } as unknown as Services;
  return { asked, run: (...words: readonly string[]) => command.run(parseArguments(command, words), ANN, services) };
}

describe('commands/isolate.ts', () => {
  test.each<readonly [readonly string[], object]>([
    [['prod', 'shop/Deployment/checkout'], { reason: 'asked by Ann' }],
    [['PROD', 'shop/deployment/checkout', '--for=7d', '--why=it handles cards'], { reason: 'it handles cards', lastsMs: 7 * 24 * 3600_000 }],
    [['prod', 'shop/Deployment/checkout', `--why=${'x'.repeat(2000)}`], { reason: 'x'.repeat(500) }],
  ])('%j asks in the channel of the connections', async (words, more) => {
    const { asked, run } = asking();

    expect(JSON.stringify(await run(...words))).toContain('Approval is asked for. Nothing has been changed yet.');
    expect(asked).toEqual([['isolate-workload', { cluster: 'prod', workload: { namespace: 'shop', kind: 'Deployment', name: 'checkout' }, ...more }, { requester: { person: ANN.userId, name: 'Ann' }, channel: 'C0NET' }]]);
  });

  test('what is asked for already is not asked twice', async () => {
    const { run } = asking(() => Promise.resolve({ request: aRequest({}), joined: true }));

    expect(JSON.stringify(await run('prod', 'shop/Deployment/checkout'))).toContain('That is asked for already.');
  });

  test('says why it cannot be asked, with what somebody could apply', async () => {
    const { run } = asking(() => Promise.reject(new NothingToPropose('Policies are in mode propose.', { patch: 'kind: NetworkPolicy' })));

    expect(JSON.stringify(await run('prod', 'shop/Deployment/checkout'))).toMatch(/Not isolated: Policies are in mode propose\..*kind: NetworkPolicy/);
  });

  test.each<readonly [readonly string[], string]>([
    [[], 'Which workload? Name its cluster, and it as namespace/kind/name'],
    [['prod'], 'Which workload?'],
    [['nowhere', 'shop/Deployment/checkout'], 'There is no cluster "nowhere".'],
    [['prod', 'shop/checkout'], '"shop/checkout" is no workload. Give it as namespace/kind/name'],
    [['prod', 'shop/Deployment/checkout/x'], 'is no workload'],
    [['prod', 'shop//checkout'], 'is no workload'],
    [['prod', 'shop/Service/checkout'], '"Service" is no kind of workload. Known: '],
    [['prod', 'shop/Deployment/checkout', '--for=soon'], '"soon" is no length of time such as 8h or 30d.'],
  ])('%j is told what is wrong', async (words, text) => {
    const { asked, run } = asking();

    await expect(run(...words)).rejects.toThrow(UsageError);
    await expect(run(...words)).rejects.toThrow(text);
    expect(asked).toEqual([]);
  });
});
