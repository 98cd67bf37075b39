import { remoteText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionState } from '#src/model/connection.ts';
import type { ObservedLink, ObservedStanding } from '#src/model/network-map.ts';

/** In the order in which people should look at them. */
export const STANDINGS: readonly ObservedStanding[] = ['denied', 'pending', 'unanswered', 'learned', 'approved'];

/** Undefined for what has not been seen for long. */
const STANDING_OF: Readonly<Record<ConnectionState, ObservedStanding | undefined>> = { learned: 'learned', new: 'pending', pending: 'pending', approved: 'approved', denied: 'denied', expired: 'unanswered', retired: undefined };

/** Connections of a workload with one remote that stand alike are one arrow; what was first seen after `since` is one of its own. The first ones matter most. */
export function observedLinks(connections: readonly Connection[], since: Date): readonly ObservedLink[] {
  const groups = new Map<string, ObservedLink>();
  for (const { key, state, count, firstSeen } of connections) {
    const standing = STANDING_OF[state];
    if (standing === undefined) continue;
    const { namespace, name, kind } = key.workload;
    const link = { workload: `${namespace}/${name}[${kind}]`, direction: key.direction, remote: remoteText(key.remote), standing, isNew: Date.parse(firstSeen) > since.getTime() };
    const id = JSON.stringify(Object.values(link));
    const known = groups.get(id);
    const port = `${key.protocol.toUpperCase()}/${key.port}`;
    groups.set(id, { ...link, ports: [...new Set([...(known?.ports ?? []), port])].sort(), count: (known?.count ?? 0) + count });
  }
  return [...groups.values()].toSorted(byUrgency);
}

/** `1 denied, 3 approved; 2 new since yesterday` */
export function observedCounts(links: readonly ObservedLink[]): string {
  const counts = STANDINGS.map((standing) => ({ standing, count: links.filter((link) => link.standing === standing).length })).filter(({ count }) => count > 0);
  const fresh = links.filter(({ isNew }) => isNew).length;
  return `${counts.map(({ standing, count }) => `${count} ${standing}`).join(', ')}${fresh > 0 ? `; ${fresh} new since yesterday` : ''}`;
}

function byUrgency(a: ObservedLink, b: ObservedLink): number {
  const key = ({ workload, remote, direction }: ObservedLink): string => `${workload} ${remote} ${direction}`;
  return STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) || Number(b.isNew) - Number(a.isNew) || b.count - a.count || (key(a) < key(b) ? -1 : 1);
}
