import { describe, expect, test } from '@jest/globals';
import { addressedClusters, assertWatched } from '#src/app/clusters.ts';
import { ConfigError } from '#src/config/faults.ts';
import type { EventSettings } from '#src/model/event-intake.ts';

const CONFIG = { channel: 'C0ALL', scanSchedule: '0 7 * * *', mapSchedule: '30 7 * * *', timeZone: 'UTC', kubeconfig: '/k' };

describe('src/app/clusters.ts', () => {
  test('a cluster has what is set for all, unless it has its own', () => {
    const own = { channel: 'C0MINE', schedule: 'off', mapSchedule: '0 6 * * 1', timeZone: 'Europe/Paris', probeSsh: true, readKubelets: true };
    const [plain, special] = addressedClusters({ from: 'named', clusters: [{ name: 'dev', production: false }, { name: 'prod', production: true, ...own }] }, CONFIG).map(({ cluster }) => cluster);

    expect(plain).toEqual({ name: 'dev', production: false, channel: 'C0ALL', schedule: '0 7 * * *', mapSchedule: '30 7 * * *', timeZone: 'UTC' });
    expect(special).toEqual({ name: 'prod', production: true, ...own });
  });

  test('port 22 is tried, and kubelets are asked, only where that is set to true', () => {
    const [cluster] = addressedClusters({ from: 'named', clusters: [{ name: 'prod', production: true, probeSsh: false, readKubelets: false }] }, CONFIG);

    expect(cluster?.cluster).not.toHaveProperty('probeSsh');
    expect(cluster?.cluster).not.toHaveProperty('readKubelets');
  });

  test('events of a cluster that is not watched are refused with its name, because nobody would look at them', () => {
    const eventsOf = (...names: readonly string[]) => ({ events: names.map((cluster): EventSettings => ({ cluster, senders: {}, pulls: {}, channel: undefined, minSeverity: 'high', ask: 'never', silentMs: {} })) });
    const clusters = addressedClusters({ from: 'in-cluster' }, CONFIG);

    expect(() => assertWatched(eventsOf('in-cluster'), clusters)).not.toThrow();
    expect(() => assertWatched(eventsOf('in-cluster', 'prod-eu'), clusters)).toThrow(new ConfigError([{ name: 'events', problem: 'names the cluster prod-eu, which is not watched; watched: in-cluster' }]));
  });
});
