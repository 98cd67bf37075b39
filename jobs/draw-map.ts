import { z } from 'zod';
import { compareWith, isComparable, withinNamespace, type MarkedPicture } from '#src/map/compare.ts';
import { pngOf, svgOf } from '#src/map/draw.ts';
import { gatherNetwork } from '#src/map/gather.ts';
import { pictureOf } from '#src/map/links.ts';
import { summarize } from '#src/map/summarize.ts';
import { altText, captionOf, changes, openCount, waysIn, workloadCount, type MapTitle } from '#src/map/words.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { defineJob, HandBack } from '#src/model/job.ts';
import { nearest } from '#src/model/nearest.ts';
import { ANY_WORKLOAD, INTERNET, OUTSIDE, type NetworkPicture } from '#src/model/network-map.ts';
import { newReference } from '#src/model/reference.ts';
import type { Services } from '#src/model/services.ts';
import { NotListed } from '#src/model/source.ts';
import { template, type MapMessage, type ShownMap } from '#templates/map.ts';

/** More than the message lists of each. */
const LISTED = 20;

const payload = z.strictObject({ id: z.string(), cluster: z.string(), namespace: z.string().optional(), channel: z.string(), person: z.string() });
type Asked = z.infer<typeof payload>;

/** Draws the network map of a cluster and posts it where it was asked for. */
export const job = defineJob({
  name: 'draw-map',
  summary: 'Draw the network map of a cluster, compared with the one of an earlier day, and post it.',
  payload,
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 'scan',
  repeat: 'What is posted is named after what was asked for, and the map of a day takes the place of another one of that day.',
  async run(asked, services, { signal, last }) {
    try {
      await drawAndPost(asked, services, signal);
    } catch (error) {
      const reason = reasonOf(error, signal, last);
      if (reason === undefined) throw error;
      await postFailure(asked, services, reason, error);
    }
  },
  onGivenUp: (asked, services, reason) => postFailure(asked, services, reason),
});

/** Nobody can draw this map, however often it is tried. */
class NoMap extends Error {}

/** Undefined when another attempt is worth making, or the fault is the bot's own. */
function reasonOf(error: unknown, signal: AbortSignal, last: boolean): string | undefined {
  if (signal.aborted) return signal.reason instanceof HandBack ? undefined : 'it took longer than a scan may';
  const isKnown = error instanceof NoMap || (last && (error instanceof NotListed || error instanceof ClusterUnreachable));
  return isKnown ? error.message : undefined;
}

async function drawAndPost(asked: Asked, services: Services, signal: AbortSignal): Promise<void> {
  const { maps, clock, outbox } = services;
  const at = clock.now();
  const day = at.toISOString().slice(0, 10);
  const now = await read(asked, services, signal);
  const before = await maps.before(asked.cluster, day);
  await maps.keep(asked.cluster, day, { ...now, at: at.toISOString() });
  const whole = compareWith(before, now);
  const picture = asked.namespace === undefined ? whole : withinNamespace(whole, asked.namespace);
  const since = isComparable(before, now) ? new Date(before.at) : undefined;
  const title: MapTitle = { name: asked.cluster, ...(asked.namespace !== undefined && { namespace: asked.namespace }), at, since };
  const png = services.attachesFiles() ? await pngOf(await svgOf(summarize(picture), captionOf(picture, title))) : undefined;
  signal.throwIfAborted();
  await postMessage(asked, services, { at: at.toISOString(), shown: shownOf(picture, since, png !== undefined) });
  if (png === undefined) return;
  await outbox.putFile({
    id: `${messageId(asked)}/picture`,
    channel: asked.channel,
    thread: messageId(asked),
    beside: true,
    filename: `network-map-${day}.png`,
    title: captionOf(picture, title).title,
    content: Buffer.from(png).toString('base64'),
    encoding: 'base64',
    altText: altText(picture, title),
  });
}

/** @throws {NoMap} when the namespace does not exist: a misspelt one would pass for one without connections. */
async function read({ cluster, namespace }: Asked, { clusters }: Services, signal: AbortSignal): Promise<NetworkPicture> {
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
  };
}

async function postFailure(asked: Asked, services: Services, reason: string, error?: unknown): Promise<void> {
  const reference = newReference();
  services.log.error({ map: asked.id, cluster: asked.cluster, reference, error }, 'a network map could not be drawn');
  await postMessage(asked, services, { at: services.clock.now().toISOString(), failure: { reason, reference } });
}

async function postMessage(asked: Asked, { outbox }: Services, data: Pick<MapMessage, 'at' | 'failure' | 'shown'>): Promise<void> {
  const { cluster, namespace, channel, person } = asked;
  await outbox.put({ id: messageId(asked), channel, fallbackUser: person, template, data: { cluster, ...(namespace !== undefined && { namespace }), person, ...data } });
}

function messageId({ id }: Asked): string {
  return `map/${id}`;
}
