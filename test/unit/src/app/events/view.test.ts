import { describe, expect, test } from '@jest/globals';
import { createActivityView } from '#src/app/events/view.ts';
import { eventSettings, eventsShape } from '#src/config/event-settings.ts';
import { emptyActivity } from '#src/events/activity.ts';
import type { ActivityState, ActivityStore } from '#src/model/activity.ts';
import { accessSettings } from '#test/build/access.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const eventsOf = (feeds: object) => eventSettings(eventsShape.parse([{ cluster: 'prod', ...feeds }]));
const ANN_MS = Date.parse('2026-11-20T10:00:00.000Z');

describe('src/app/events/view.ts', () => {
  test('tells of one and of everybody the same', async () => {
    const state: ActivityState = { ...emptyActivity(), users: new Map([['ann', { ms: ANN_MS, deed: 'exec', namespace: 'shop' }]]), days: new Map([['2026-11-20', { minutes: new Uint8Array(180).fill(255), lost: 0, reads: true }]]) };
    const asked: (readonly string[])[] = [];
    const read = (days: readonly string[]) => Promise.resolve(void asked.push(days)).then(() => state);
    const view = createActivityView({ events: eventsOf({ audit: { token: { file: '/run/secret' } } }), store: { read: (_cluster, _user, days) => read(days), readAll: (_, days) => read(days), readUses: (_, days) => read(days) }, clock: createMovedClock('2026-11-23T08:00:00.000Z'), access: accessSettings({ inactiveDays: 30 }) });

    const all = await view.ofAll('prod');

    expect(all.coverage).toEqual({ observedDays: 1, ofDays: 30 });
    expect(all.of('ann')).toEqual({ lastSeen: '2026-11-20T10:00:00.000Z', lastDeed: 'exec in shop', coverage: all.coverage });
    expect([all.of('ann'), all.of('bob')]).toEqual([await view.of('prod', 'ann'), await view.of('prod', 'bob')]);
    await view.usesOf('prod');
    expect(new Set(asked.map((days) => `${days.length} ${days[0] ?? ''}`))).toEqual(new Set(['31 2026-11-23']));
  });

  test('names the services behind which people may be', async () => {
    const asked: unknown[] = [];
    const read = (proxies: readonly string[] | undefined) => Promise.resolve(void asked.push(proxies)).then(emptyActivity);
    const store: Pick<ActivityStore, 'read' | 'readAll' | 'readUses'> = { read: (_cluster, _user, _days, proxies) => read(proxies), readAll: (_cluster, _days, proxies) => read(proxies), readUses: () => Promise.resolve(emptyActivity()) };
    const access = accessSettings({ usernamePrefix: 'oidc:', exempt: ['teleport'], aliases: new Map([['bob', 'bob@corp.example'], ['gateway', '-']]) });
    const view = createActivityView({ events: eventsOf({ audit: { token: { file: '/run/secret' } } }), store, clock: createMovedClock(), access });

    await view.of('prod', 'ann');
    await view.ofAll('prod');

    expect(asked).toEqual([['teleport', 'oidc:teleport', 'gateway'], ['teleport', 'oidc:teleport', 'gateway']]);
  });

  test('asks for nothing where no audit log comes in', async () => {
    const asked = () => Promise.reject(new Error('asked'));
    const store = { read: asked, readAll: asked, readUses: asked };
    const view = createActivityView({ events: eventsOf({ falco: { token: { file: '/run/secret' } } }), store, clock: createMovedClock(), access: accessSettings({ inactiveDays: 30 }) });

    expect([await view.of('prod', 'ann'), (await view.ofAll('prod')).of('ann'), (await view.ofAll('prod')).coverage, await view.usesOf('prod')]).toEqual([{ coverage: 'none' }, { coverage: 'none' }, 'none', undefined]);
  });
});
