import type { Caller, Role } from '#src/model/access.ts';
import type { Cluster } from '#src/model/clusters.ts';
import { Refused, UsageError } from '#src/model/command.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { Services } from '#src/model/services.ts';

/** The clusters on which the caller has the role. */
export async function permittedClusters(role: Role, caller: Caller, { access, clusters }: Services): Promise<readonly Cluster[]> {
  const verdicts = await Promise.all(clusters.all().map(async (cluster) => ({ cluster, ...(await access.may(caller, role, cluster.name)) })));
  return verdicts.filter(({ allowed }) => allowed).map(({ cluster }) => cluster);
}

/** The named cluster, for something that needs the role there. @throws {Refused} when the caller may see it but not do that, {UsageError} otherwise. */
export async function permittedCluster(name: string, role: Role, caller: Caller, services: Services): Promise<Cluster> {
  const cluster = namedCluster(name, await permittedClusters('viewer', caller, services));
  const permission = await services.access.may(caller, role, cluster.name);
  if (!permission.allowed) throw new Refused(permission);
  return cluster;
}

/** The named one of these clusters. @throws {UsageError} when there is none; clusters that the caller may not see are not told apart from unknown ones. */
export function namedCluster(name: string, clusters: readonly Cluster[]): Cluster {
  const found = clusters.find((cluster) => cluster.name === name) ?? clusters.find((cluster) => cluster.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = clusters.map((cluster) => cluster.name);
  throw new UsageError(`There is no cluster "${name}".${didYouMean(name, names)} Clusters: ${names.join(', ')}.`);
}
