import { compareWith, isComparable, withinNamespace, type MarkedPicture } from '#src/map/compare.ts';
import { pngOf, svgOf } from '#src/map/draw.ts';
import { gatherNetwork } from '#src/map/gather.ts';
import { pictureOf } from '#src/map/links.ts';
import { observedLinks } from '#src/map/observed.ts';
import { summarize } from '#src/map/summarize.ts';
import { altText, captionOf, changes, observedText, openCount, waysIn, workloadCount, type MapTitle } from '#src/map/words.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { CONNECTION_STATES } from '#src/model/connection.ts';
import { HandBack, type JobRun } from '#src/model/job.ts';
import { nearest } from '#src/model/nearest.ts';
import { ANY_WORKLOAD, INTERNET, OUTSIDE, type NetworkPicture, type ObservedLink } from '#src/model/network-map.ts';
import { newReference } from '#src/model/reference.ts';
import type { Services } from '#src/model/services.ts';
import { NotListed } from '#src/model/source.ts';
import { template, type MapMessage, type ShownMap } from '#templates/map.ts';

/** More than the message lists of each. */
const LISTED = 20;
const DAY_MS = 24 * 3600_000;

export interface MapOrder {
  /** What is posted is named after it. */
  readonly id: string;
  readonly cluster: string;
  readonly namespace?: string;
  readonly channel: string;
  /** Who asked for it; absent for the daily one. */
  readonly person?: string;
}

/** A map of now, compared with the last one of an earlier day. */
export interface DrawnMap {
  readonly picture: MarkedPicture;
  readonly title: MapTitle;
}

/** Nobody can draw this map, however often it is tried. */
class NoMap extends Error {}

/** Does the work; what nobody can mend by trying again is told instead of a map. */
export async function orTell(order: Omit<MapOrder, 'channel'> & { readonly channel: string | undefined }, services: Services, { signal, last }: JobRun, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = reasonOf(error, signal, last);
    if (reason === undefined) throw error;
    await postFailure(order, services, reason, error);
  }
}

/** Undefined when another attempt is worth making, or the fault is the bot's own. */
function reasonOf(error: unknown, signal: AbortSignal, last: boolean): string | undefined {
  if (signal.aborted) return signal.reason instanceof HandBack ? undefined : 'it took longer than a scan may';
  const isKnown = error instanceof NoMap || (last && (error instanceof NotListed || error instanceof ClusterUnreachable));
  return isKnown ? error.message : undefined;
}

/** Reads the cluster, and keeps what is possible in it for the maps of later days. */
export async function drawMap({ cluster, namespace }: Pick<MapOrder, 'cluster' | 'namespace'>, services: Services, signal: AbortSignal): Promise<DrawnMap> {
  const { maps, clock } = services;
  const at = clock.now();
  const day = at.toISOString().slice(0, 10);
  const now = await read({ cluster, namespace }, services, signal);
  const before = await maps.before(cluster, day);
  await maps.keep(cluster, day, { ...now, at: at.toISOString() });
  const observed = await observedIn(cluster, at, services);
  const whole = { ...compareWith(before, now), ...(observed !== undefined && { observed }) };
  return {
    picture: namespace === undefined ? whole : withinNamespace(whole, namespace),
    title: { name: cluster, ...(namespace !== undefined && { namespace }), at, since: isComparable(before, now) ? new Date(before.at) : undefined },
  };
}

/** Undefined where connections are not watched. */
async function observedIn(cluster: string, at: Date, { connections }: Services): Promise<readonly ObservedLink[] | undefined> {
  if (connections.settings(cluster) === undefined) return undefined;
  const all = await Promise.all(CONNECTION_STATES.map((state) => connections.inState(cluster, state)));
  return observedLinks(all.flat(), new Date(at.getTime() - DAY_MS));
}

/** @throws {NoMap} when the namespace does not exist: a misspelt one would pass for one without connections. */
async function read({ cluster, namespace }: { readonly cluster: string; readonly namespace: string | undefined }, { clusters }: Services, signal: AbortSignal): Promise<NetworkPicture> {
  const source = await clusters.open(cluster, signal);
  try {
    const { network } = await gatherNetwork(source, signal);
    const names = [...network.namespaces.keys()];
    if (namespace !== undefined && !names.includes(namespace)) throw new NoMap(`there is no namespace "${namespace}"${nearText(nearest(namespace, names))}`);
    return await pictureOf(network, { complete: true, signal });
  } finally {
    source.close();
  }
}

function nearText(near: string | undefined): string {
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** Posts a map in words, and below them as a picture where files may be posted. */
export async function postMap(order: MapOrder, { picture, title }: DrawnMap, services: Services, signal: AbortSignal): Promise<void> {
  const caption = captionOf(picture, title);
  const png = services.attachesFiles() ? await pngOf(await svgOf(summarize(picture), caption)) : undefined;
  signal.throwIfAborted();
  await postMessage(order, services, { at: title.at.toISOString(), shown: shownOf(picture, title.since, png !== undefined) });
  if (png === undefined) return;
  await services.outbox.putFile({
    id: `${messageId(order)}/picture`,
    channel: order.channel,
    thread: messageId(order),
    beside: true,
    filename: `network-map-${title.at.toISOString().slice(0, 10)}.png`,
    title: caption.title,
    content: Buffer.from(png).toString('base64'),
    encoding: 'base64',
    altText: altText(picture, title),
  });
}

function shownOf(picture: MarkedPicture, since: Date | undefined, hasPicture: boolean): ShownMap {
  const { open, closed } = waysIn(picture);
  const { fresh, gone } = changes(picture);
  const connections = picture.links.filter(({ from, to, mark }) => from !== INTERNET && from !== ANY_WORKLOAD && to !== OUTSIDE && mark !== 'gone');
  return {
    workloads: workloadCount(picture),
    open: openCount(picture),
    waysIn: open.slice(0, LISTED),
    waysInCount: open.length,
    closedCount: closed.length,
    ...(since !== undefined && { changes: { since: since.toISOString(), freshCount: fresh.length, goneCount: gone.length, links: [...fresh.slice(0, LISTED), ...gone.slice(0, LISTED)] } }),
    hasPicture,
    connections: hasPicture ? [] : connections.slice(0, LISTED),
    connectionsCount: connections.length + picture.unlisted,
    unread: picture.unread,
    observedText: observedText(picture),
    observed: (picture.observed ?? []).slice(0, LISTED),
    observedCount: picture.observed?.length ?? 0,
  };
}

/** A map that is missing would pass for one without changes. */
export async function postFailure(order: Omit<MapOrder, 'channel'> & { readonly channel: string | undefined }, services: Services, reason: string, error?: unknown): Promise<void> {
  const reference = newReference();
  services.log.error({ map: order.id, cluster: order.cluster, reference, error }, 'a network map could not be drawn');
  if (order.channel === undefined) return;
  await postMessage({ ...order, channel: order.channel }, services, { at: services.clock.now().toISOString(), failure: { reason, reference } });
}

async function postMessage(order: MapOrder, { outbox }: Services, data: Pick<MapMessage, 'at' | 'failure' | 'shown'>): Promise<void> {
  const { cluster, namespace, channel, person } = order;
  const about = { cluster, ...(namespace !== undefined && { namespace }), ...(person !== undefined && { person }) };
  await outbox.put({ id: messageId(order), channel, ...(person !== undefined && { fallbackUser: person }), template, data: { ...about, ...data } });
}

function messageId({ id }: MapOrder): string {
  return `map/${id}`;
}
