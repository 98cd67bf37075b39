import type { Caller } from '#src/model/access.ts';
import { UsageError, type Answer, type Arguments } from '#src/model/command.ts';
import type { Services } from '#src/model/services.ts';
import type { AccessMap } from '#src/people/access-path.ts';
import { describeAddress } from '#src/people/access-path.ts';
import { describeManager } from '#src/people/managed.ts';
import { managedPatch } from '#src/people/managed-patch.ts';
import { accessOfPerson, isSure, type NamedAccess } from '#src/people/person-access.ts';
import { readAccess } from '#src/people/read-access.ts';
import { activityText } from '#src/people/review.ts';
import { rightsOf } from '#src/people/rights-of.ts';
import { groupStays, unreadStays } from '#src/people/stays.ts';
import { template as accessOf, NAMES, PATCHES, RIGHTS, type UserAccess } from '#templates/access-of.ts';
import { namedCluster, permittedClusters } from './clusters.ts';
import { findPerson, readingSignal, whoIsWho, type Who } from './people.ts';

interface Found {
  readonly map: AccessMap;
  readonly name: NamedAccess;
}

/** `access of <person or user> [cluster]`: everything that somebody may do, and where it comes from. */
export async function accessOfSomebody({ words: [, asked, place], options }: Arguments, caller: Caller, services: Services): Promise<Answer> {
  if (asked === undefined) throw new UsageError('Access of whom? Give an e-mail address, or a user name of the cluster.');
  const cluster = place ?? options.cluster;
  const permitted = await permittedClusters('viewer', caller, services);
  const targets = cluster === undefined ? permitted : [namedCluster(cluster, permitted)];
  const who = await whoIsWho(services);
  const { maps, unreached } = await readAccess(services.clusters, targets.map(({ name }) => name), services.clock.now(), readingSignal());
  const found = maps.flatMap((map) => namesOf(asked, map, who).map((name): Found => ({ map, name })));
  const patches = found.flatMap(({ name }) => name.paths.flatMap((path) => managedPatch(path) ?? []));
  const notes = maps.flatMap((map) => {
    const own = found.filter((one) => one.map === map).map(({ name }) => name);
    return [...groupStays(map, own, []), ...unreadStays(map, own)];
  });
  const users = await Promise.all(found.slice(0, NAMES).map((one) => userAccess(one, services)));
  return {
    title: 'Access',
    message: accessOf.render(
      {
        asked,
        clusters: maps.map((map) => map.cluster),
        users,
        userCount: found.length,
        patches: patches.slice(0, PATCHES).map(({ address, manager, remove }) => ({ cluster: address.cluster, object: describeAddress(address), manager: describeManager(manager), remove })),
        patchCount: patches.length,
        notes: [...unreached, ...notes],
      },
      services,
    ),
  };
}

/** What was typed may be a person, or a user name that belongs to nobody; a name with rights by built-in groups alone is none. */
function namesOf(asked: string, map: AccessMap, who: Who): readonly NamedAccess[] {
  const person = findPerson(asked, who);
  const names = person === undefined ? [] : accessOfPerson(person, map, who.matcher).names;
  const paths = map.users.get(asked);
  return paths === undefined || names.some(({ user }) => user === asked) ? names : [...names, { user: asked, match: who.matcher(asked), paths }];
}

async function userAccess({ map, name: { user, match } }: Found, { activity }: Services): Promise<UserAccess> {
  const { rights, everybodys } = rightsOf(map, user);
  const whose = match.person === undefined ? match.why : `${isSure(match) ? '' : 'possibly '}${match.person.name}, ${isSure(match) ? '' : 'because '}${match.why}`;
  return { cluster: map.cluster, user, whose, activity: activityText(await activity.of(map.cluster, user)), rights: rights.slice(0, RIGHTS).map(({ text }) => text), rightCount: rights.length, everybodys };
}
