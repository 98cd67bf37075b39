import type { AllowEntry, Connection, ConnectedWorkload, ConnectionKey, ConnectionOutcome, ConnectionSettings, EnforcementMode, Remote } from './connection.ts';
import { labelsText } from './labels.ts';

/** `api.stripe.com`, `203.0.113.9` or the name of a group of ranges. */
export function remoteText(remote: Remote): string {
  return remote.kind === 'address' ? remote.address : remote.name;
}

/** `shop/checkout` */
export function workloadText({ namespace, name }: ConnectedWorkload): string {
  return `${namespace}/${name}`;
}

/** `api.stripe.com:443`, `[2001:db8::1]:443`; other protocols than TCP are named. */
export function endpointText({ remote, port, protocol }: Pick<ConnectionKey, 'remote' | 'port' | 'protocol'>): string {
  const host = remoteText(remote);
  const place = remote.kind === 'address' && host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return protocol === 'tcp' ? place : `${place}/${protocol}`;
}

/** `shop/checkout → api.stripe.com:443`, or `203.0.113.9 → shop/web:8443` for what comes in. */
export function connectionText(key: ConnectionKey): string {
  const { direction, workload, remote, port, protocol } = key;
  if (direction === 'egress') return `${workloadText(workload)} → ${endpointText(key)}`;
  return `${remoteText(remote)} → ${workloadText(workload)}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

/** What the workload talks to: `api.stripe.com:443`, or `203.0.113.9 to port 8443` for what comes in. */
export function otherEndText(key: ConnectionKey): string {
  return key.direction === 'egress' ? endpointText(key) : `${remoteText(key.remote)} to port ${key.port}`;
}

const OUTCOMES: Readonly<Record<ConnectionOutcome, string>> = { attempted: 'only attempted so far', dropped: 'dropped by the network', connected: 'connected' };

/** `connected`, for people. A profile of Kubescape does not tell tries from connections. */
export function outcomeText({ outcome, sources }: Pick<Connection, 'outcome' | 'sources'>): string {
  return outcome === 'attempted' && isOfProfile({ sources }) ? 'made or only attempted' : OUTCOMES[outcome];
}

function isOfProfile({ sources }: Pick<Connection, 'sources'>): boolean {
  return sources.every((source) => source === 'kubescape');
}

/** Whose connections an entry of the allowlist is for: `every workload`, `all of shop`, `all of shop with app=web`, `shop/checkout`. */
export function whoseText({ namespace, workload, labels }: { readonly [Part in 'namespace' | 'workload' | 'labels']?: AllowEntry[Part] | undefined }): string {
  const place = workload !== undefined ? `${namespace ?? '*'}/${workload}` : namespace === undefined ? 'every workload' : `all of ${namespace}`;
  return labels === undefined ? place : `${place} with ${labelsText(labels)}`;
}

/** `2026-11-24 09:14 UTC` */
export function momentText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** When the first of some connections was seen. Profiles of Kubescape do not tell when. */
export function firstSeenText(found: readonly Pick<Connection, 'sources' | 'firstSeen'>[]): string {
  const [first = ''] = found.map(({ firstSeen }) => firstSeen).toSorted();
  return found.every(isOfProfile) ? `at an unknown time before ${momentText(first)}` : momentText(first);
}

/** `12 × since 2026-11-24 09:14 UTC`. Profiles of Kubescape do not tell how often either. */
export function seenText(connection: Pick<Connection, 'sources' | 'count' | 'firstSeen'>): string {
  const when = firstSeenText([connection]);
  return isOfProfile(connection) ? when : `${connection.count.toLocaleString('en-US')} × since ${when}`;
}

/** `last seen 2026-11-24 09:14 UTC`, or that only a profile tells of it, which does not say when. */
export function lastSeenText({ sources, lastSeen }: Pick<Connection, 'sources' | 'lastSeen'>): string {
  return isOfProfile({ sources }) ? `from a profile, seen at an unknown time before ${momentText(lastSeen)}` : `last seen ${momentText(lastSeen)}`;
}

/** How often and when last. */
export function latestText(connection: Pick<Connection, 'sources' | 'count' | 'lastSeen'>): string {
  const when = lastSeenText(connection);
  return isOfProfile(connection) ? when : `${connection.count.toLocaleString('en-US')} ×, ${when}`;
}

/** One line for a list: `api.stripe.com:443, connected, 12 × since 2026-11-24 09:14 UTC`. */
export function itemText(connection: Connection): string {
  const { key } = connection;
  const place = key.direction === 'egress' ? endpointText(key) : `from ${remoteText(key.remote)} to port ${key.port}`;
  return `${place}, ${outcomeText(connection)}, ${seenText(connection)}`;
}

/** Whether source ranges of the Services of a namespace may be changed. */
export function maySetRanges({ sourceRanges }: ConnectionSettings, namespace: string): boolean {
  return sourceRanges.includes('*') || sourceRanges.includes(namespace);
}

/** Whether policies are made in any namespace. */
export function enforces({ mode, modes }: ConnectionSettings): boolean {
  return mode === 'enforce' || [...modes.values()].includes('enforce');
}

/** What may be done about connections of a namespace. */
export function modeOf({ mode, modes }: ConnectionSettings, namespace: string): EnforcementMode {
  return modes.get(namespace) ?? mode;
}
