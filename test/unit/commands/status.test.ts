import { describe, expect, test } from '@jest/globals';
import type { Caller, Permission } from '#src/model/access.ts';
import { parseArguments } from '#src/model/arguments.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { Services } from '#src/model/services.ts';
import { command } from '#commands/status.ts';
import { clustersOf } from '#test/build/access.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { createFakeNeeds } from '#test/fakes/needs.ts';

const ANN: Caller = { userId: 'U0ANN', name: 'Ann', teamId: 'T1', channelId: 'C1', via: 'command' };

const FEEDS = ['prod', 'secret'].map((cluster) => ({ cluster, ok: true, text: `${cluster} audit: 1 event today, last 1 s ago` }));

async function statusWith(questions: readonly NeedQuestion[]): Promise<string> {
  const services = {
    zone: 'UTC',
    clusters: clustersOf({ prod: [], secret: [] }),
    access: { may: (_caller: Caller, _role: string, cluster?: string): Promise<Permission> => Promise.resolve(cluster === 'secret' ? { allowed: false, reason: 'No.', ask: [] } : { allowed: true }) },
    scans: { state: () => Promise.resolve(undefined), active: () => Promise.resolve(undefined) },
    health: { report: () => Promise.resolve({ slack: 'ok', queue: { waiting: 0, active: 0, delayed: 0, failed: 0 }, unsent: 0, maybeDouble: 0, failed: 0, people: [], leavers: [], events: FEEDS, undecided: 0, notTakenBack: 0, limits: [] }) },
    needs: createFakeNeeds(questions),
  } as unknown as Services;
  return JSON.stringify((await command.run(parseArguments(command, []), ANN, services)).message.blocks);
}

function hindered(person: string, why: string, nextAt: string, cluster = 'prod'): NeedQuestion {
  return aNeedQuestion({ id: `n-${person}`, person, cluster, state: 'unanswered', hindrance: { why, tries: 2, nextAt } });
}

describe('commands/status.ts', () => {
  test('says once for each reason why approvers could not be asked, for how many people, and when it is tried again', async () => {
    const shown = await statusWith([
      hindered('bob', 'no permission to list rolebindings.', '2026-11-23T10:05:00.000Z'),
      hindered('eve', 'no permission to list rolebindings.', '2026-11-23T09:05:00.000Z'),
      hindered('ann', 'the bot has a fault', '2026-11-23T12:00:00.000Z'),
      aNeedQuestion({ person: 'okta/cy' }),
    ]);

    expect(shown).toContain('prod, 2 people: no permission to list rolebindings; tried again 2026-11-23 09:05 UTC');
    expect(shown).toContain('prod, 1 person: the bot has a fault; tried again 2026-11-23 12:00 UTC');
  });

  test('tells how the events of a cluster come in only to whoever may see it', async () => {
    const shown = await statusWith([]);

    expect(shown).toContain('prod audit: 1 event today');
    expect(shown).not.toContain('secret audit');
  });

  test('says nothing of it where nothing is hindered, nor of clusters that the caller may not see', async () => {
    expect(await statusWith([aNeedQuestion(), hindered('bob', 'it is away', '2026-11-23T10:05:00.000Z', 'secret')])).not.toContain('could not be asked');
  });
});
