import type { ConnectedWorkload, ConnectionSettings } from '#src/model/connection.ts';
import type { Owner } from '#src/model/owner.ts';

/** The first that fits; undefined where the configuration names nobody. */
export function ownerOf({ owners }: Pick<ConnectionSettings, 'owners'>, { namespace, kind, name }: ConnectedWorkload): Owner | undefined {
  const found = owners.find((entry) => (entry.namespace ?? namespace) === namespace && (entry.workload === undefined || entry.workload === name || entry.workload === `${kind}/${name}`));
  return found && { team: found.team, who: found.who };
}
