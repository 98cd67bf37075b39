import { describe, expect, test } from '@jest/globals';
import type { Repository } from '#src/model/repositories.ts';
import { connectionSources, repositorySources, tickSources } from '#src/app/tick-sources.ts';
import { job as drawDailyMap } from '#jobs/draw-daily-map.ts';
import { job as forgetConnections } from '#jobs/forget-connections.ts';
import { job as scanRepository } from '#jobs/scan-repository.ts';
import { job as sweepPolicies } from '#jobs/sweep-policies.ts';
import { connectionSettings } from '#test/build/connections.ts';

const SHOP: Repository = { name: 'acme/shop', host: 'github', url: 'https://api.github.com', ref: 'main', path: 'deploy', channel: 'C1', schedule: '0 5 * * *', timeZone: 'Europe/Paris' };

describe('src/app/tick-sources.ts', () => {
  test('the policies of the bot are looked after where connections are watched, and nowhere else', () => {
    const sources = connectionSources([connectionSettings()], 'UTC');

    expect(sources.map(({ schedule, jobFor }) => [schedule.cron, jobFor(new Date(0)).job])).toEqual([['45 3 * * *', forgetConnections], ['*/15 * * * *', sweepPolicies]]);
    expect(connectionSources([], 'UTC')).toEqual([]);
  });


  test('a repository is scanned by its own schedule, each tick under a name of its own', () => {
    const [source] = repositorySources([SHOP]);
    const due = new Date('2026-11-23T05:00:00Z');

    expect(source?.schedule).toEqual({ name: expect.stringMatching(/^repository-acme-shop-[0-9a-f]{6}$/) as unknown, text: 'Scan of the repository acme/shop', cron: '0 5 * * *', timeZone: 'Europe/Paris' });
    const queued = source?.jobFor(due);
    expect(queued?.job).toBe(scanRepository);
    expect(scanRepository.payload.parse(queued?.payload)).toEqual({ id: expect.stringMatching(/^acme-shop-[0-9a-f]{6}-1795410000000$/) as unknown, target: { repository: 'acme/shop', ref: 'main', path: 'deploy' }, asker: { schedule: 'Scan of the repository acme/shop' }, channel: 'C1' });
  });

  test('names that differ only in their signs have schedules of their own', () => {
    const names = repositorySources([SHOP, { ...SHOP, name: 'acme-shop/a' }, { ...SHOP, name: 'acme/shop-a' }]).map(({ schedule }) => schedule.name);

    expect(new Set(names).size).toBe(3);
  });

  test('a repository without a channel has nowhere to post, and no schedule', () => {
    expect(repositorySources([{ ...SHOP, channel: undefined, schedule: 'off' }])).toEqual([]);
  });

  test('a cluster has a map by its own schedule, each tick under its time; without one it has none', () => {
    const cluster = { name: 'prod-eu', production: true, channel: 'C1', schedule: 'off', timeZone: 'Europe/Paris' };
    const sources = tickSources([{ ...cluster, mapSchedule: '30 7 * * *' }, { ...cluster, name: 'dev' }], []).filter(({ schedule }) => schedule.text.startsWith('Map'));

    expect(sources.map(({ schedule }) => schedule)).toEqual([{ name: 'map-prod-eu', text: 'Map of prod-eu', cron: '30 7 * * *', timeZone: 'Europe/Paris' }]);
    expect(sources[0]?.jobFor(new Date('2026-11-23T06:30:00Z'))).toEqual({ job: drawDailyMap, payload: { cluster: 'prod-eu', due: '2026-11-23T06:30:00.000Z' } });
  });
});
