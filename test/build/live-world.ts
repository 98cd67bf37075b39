import { createClusters } from '#src/app/clusters.ts';
import { NOTHING_WATCHED } from '#src/model/activity.ts';
import { NO_CONNECTIONS } from '#src/model/connection.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NO_SETTINGS, type AccessSettings } from '#src/model/settings.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { accessSettings, NOW } from './access.ts';
import { installation } from './installation.ts';

/** A cluster that answers as a real one would, and what a kind may look at. */
export interface LiveWorld {
  readonly kube: KubeSandbox;
  readonly world: ProposalWorld;
  readonly stop: () => Promise<void>;
}

/** The cluster is `prod`, a production cluster, and the bot may do everything in it. */
export async function startLiveWorld(objects: readonly RawObject[], people: readonly KnownPerson[] = [], settings: Partial<AccessSettings> = {}): Promise<LiveWorld> {
  const kube = await startKubeSandbox({ objects });
  const cluster = { name: 'prod', production: true, channel: undefined, schedule: 'off', timeZone: 'UTC' };
  const clusters = createClusters([{ cluster, address: { text: kube.kubeconfig('admin') } }], NO_SETTINGS);
  const world = { clock: { now: () => NOW }, clusters, people: { all: () => Promise.resolve(people) }, activity: NOTHING_WATCHED, connections: NO_CONNECTIONS, settings: accessSettings(settings), installation };
  return { kube, world, stop: kube.stop };
}
