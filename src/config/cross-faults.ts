import { ROLES } from '#src/model/access.ts';
import { approvalFaults } from './approval-settings.ts';
import { connectionFaults } from './connection-settings.ts';
import { eventFaults, eventSettings } from './event-settings.ts';
import { feedsOf } from '#src/model/event-intake.ts';
import type { ConfigFault } from './faults.ts';
import type { ConfigFile } from './file.ts';

/** What there is outside the file that it may name. */
export interface Known {
  /** Undefined where only the cluster itself tells its name. */
  readonly clusters: readonly string[] | undefined;
  /** Names of the kinds of requests; undefined where nobody wants to know. */
  readonly kinds: readonly string[] | undefined;
}

/** Faults between parts of the file: a name used twice, a cluster that nobody has defined. */
export function crossFaults(file: ConfigFile, known: Known): readonly ConfigFault[] {
  const { clusters = [], digests = [] } = file;
  const both = clusters.flatMap(({ context, inCluster }, index) =>
    context !== undefined && inCluster ? [{ name: `clusters[${index}]`, problem: 'has both context and inCluster; keep one' }] : [],
  );
  return [
    ...usedTwice('clusters', clusters.map(({ name }) => name)),
    ...both,
    ...usedTwice('repositories', (file.repositories ?? []).map(({ name }) => name)),
    ...usedTwice('digests', digests.map(digestName)),
    ...usedTwice('temporaryAccess.roles', (file.temporaryAccess?.roles ?? []).map(({ name }) => name)),
    ...approvalFaults(file.approvals, kindsOfGrants(file), known.kinds),
    ...eventFaults(file.events),
    ...connectionFaults(file.connections, (cluster) => eventSettings(file.events).filter((entry) => entry.cluster === cluster).flatMap(feedsOf)),
    ...(known.clusters === undefined ? [] : unknownClusters(file, new Set(known.clusters))),
  ];
}

function kindsOfGrants({ roles }: ConfigFile): readonly (readonly [name: string, kinds: readonly string[]])[] {
  return (roles?.approver ?? []).map((grant, index) => [`roles.approver[${index}].kinds`, 'kinds' in grant ? grant.kinds : []]);
}

/** A digest without a name is called after its channel. */
export function digestName({ name, channel }: { readonly name?: string | undefined; readonly channel: string }): string {
  return name ?? channel.toLowerCase();
}

function usedTwice(list: string, names: readonly string[]): readonly ConfigFault[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [{ name: `${list}[${index}].name`, problem: 'is used twice' }] : []));
}

function unknownClusters({ digests = [], roles = {}, temporaryAccess, events = [], connections = [] }: ConfigFile, known: ReadonlySet<string>): readonly ConfigFault[] {
  const used = [
    ...connections.map(({ cluster }, index) => [`connections[${index}].cluster`, [cluster]] as const),
    ...events.map(({ cluster }, index) => [`events[${index}].cluster`, [cluster]] as const),
    ...(temporaryAccess?.roles ?? []).map(({ clusters = [] }, index) => [`temporaryAccess.roles[${index}].clusters`, clusters] as const),
    ...digests.map(({ clusters = [] }, index) => [`digests[${index}].clusters`, clusters] as const),
    ...ROLES.flatMap((role) => (roles[role] ?? []).map(({ clusters = [] }, index) => [`roles.${role}[${index}].clusters`, clusters] as const)),
  ];
  return used.filter(([, clusters]) => clusters.some((cluster) => !known.has(cluster))).map(([name]) => ({ name, problem: 'names a cluster that is not watched' }));
}
